/** A codicon. Decoration only: the word beside it, or the control's label, carries the meaning. */
export const Icon = ({ name, tone = '', small = false }: { name: string; tone?: string; small?: boolean }) => (
  <i class={`codicon codicon-${name}${small ? ' s' : ''}${tone ? ` ${tone}` : ''}`} aria-hidden="true" />
);
