import type { FieldCount } from '../../../core/analysis-types.ts';

/** A message's role and author are names, not text: they are listed only where the template prints them as they are. */
const NAME_ONLY = /\/(?:role|from|type)$/;

export const listedFields = (fields: readonly FieldCount[]): readonly FieldCount[] =>
  fields.filter((field) => !NAME_ONLY.test(field.pointer));

const OF_MESSAGE = /^\/(?:messages|conversations|prompt|completion|chosen|rejected|tools)\//;

/** Why a field has no tokens. */
export const lostNote = (field: FieldCount): string =>
  field.characters === 0
    ? 'Empty.'
    : OF_MESSAGE.test(field.pointer)
      ? 'The template drops this field.'
      : 'Never reaches the model.';
