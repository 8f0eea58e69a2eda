import type { PartAnalysis } from '../../analysis-types.ts';
import type { TemplateError } from '../../template/chat-template.ts';
import type { Check } from '../check.ts';
import { type Place, placeOf, pointerOf } from '../lib/place.ts';
import { schemaFindingsOf } from '../lib/schema.ts';

export const templateRaises: Check = {
  code: 'template/raises',
  severity: 'error',
  title: 'The template refuses the row',
  stage: 'render',
  fixable: false,
  only: 'error',
  run: (context) =>
    context.parts.flatMap((part) => {
      const { error } = part;
      if (error === null || (error.kind !== 'raised' && error.kind !== 'python')) return [];
      // A template that trips over a value of the wrong type is the row's fault, and the schema has said which.
      if (error.kind === 'python' && schemaFindingsOf(context).length > 0) return [];
      const line = error.line === null ? '' : `, line ${error.line}`;
      const said = error.message.replace(/[.\s]+$/, '');
      return [
        {
          message:
            error.kind === 'raised'
              ? `The template refuses this row${line}: "${said}". Change the row, or choose another template.`
              : `The template fails on this row${line}: ${said}. Change the row, or choose another template.`,
          ...blamed(part, said, error.kind),
          data: { line: error.line, template: part.template?.name ?? null },
        },
      ];
    }),
};

/** The message that the template most likely means. */
function blamed({ conversation }: PartAnalysis, said: string, kind: TemplateError['kind']): Place {
  if (conversation.kind !== 'chat') return { pointer: '' };
  const roles = conversation.messages.map((message) => message.get('role'));
  const of = (index: number): Place => placeOf(conversation, index < 0 ? '/messages' : pointerOf('/messages', index));
  if (kind === 'python') {
    const odd = conversation.messages.findIndex((message) => typeof message.get('content') !== 'string');
    return odd < 0 ? of(-1) : placeOf(conversation, `${pointerOf('/messages', odd)}/content`);
  }
  if (/system/i.test(said)) return of(roles.indexOf('system'));
  if (/alternat|order/i.test(said)) {
    const spoken = roles.flatMap((role, i) => (role === 'system' ? [] : [{ role, i }]));
    return of(spoken.find(({ role }, n) => role !== (n % 2 === 0 ? 'user' : 'assistant'))?.i ?? -1);
  }
  const named = roles.findIndex((role) => typeof role === 'string' && role.length > 3 && said.includes(role));
  return of(named);
}
