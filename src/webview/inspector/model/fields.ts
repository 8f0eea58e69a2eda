import type { FieldCount } from '../../../core/analysis-types.ts';

/** A message's role and author are names, not text: they are listed only where the template prints them as they are. */
const NAME_ONLY = /\/(?:role|from|type)$/;

/** Those of one message together, messages in the order in which they come. */
export function listedFields(fields: readonly FieldCount[]): readonly FieldCount[] {
  const messages = new Map<string, FieldCount[]>();
  for (const field of fields) {
    if (NAME_ONLY.test(field.pointer)) continue;
    const [message = ''] = /^(?:\/[^/]*){0,2}/.exec(field.pointer) ?? [];
    const together = messages.get(message);
    if (together === undefined) messages.set(message, [field]);
    else together.push(field);
  }
  return [...messages.values()].flat();
}

const OF_MESSAGE = /^\/(?:messages|conversations|prompt|completion|chosen|rejected|tools)\//;

/** Why a field has no tokens. */
export const lostNote = (field: FieldCount): string =>
  field.characters === 0
    ? 'Empty.'
    : OF_MESSAGE.test(field.pointer)
      ? 'The template drops this field.'
      : 'Never reaches the model.';
