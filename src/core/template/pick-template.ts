/**
 * The template that transformers takes of a tokenizer's templates (`get_chat_template`): `tool_use` where tools are given
 * and there is one, else `default`. Null where there is neither. A tokenizer with one template calls it `default`.
 */
export function pickTemplate(byKind: Readonly<Record<string, string>>, hasTools: boolean): string | null {
  const get = (name: string): string | null => (Object.hasOwn(byKind, name) ? (byKind[name] ?? null) : null);
  return (hasTools ? get('tool_use') : null) ?? get('default');
}
