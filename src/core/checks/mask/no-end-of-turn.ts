import type { Check } from '../check.ts';
import { lastAnswerOf } from '../lib/last-answer.ts';
import { placeOf } from '../lib/place.ts';
import { trainedParts } from '../lib/trained.ts';
import { turnName } from '../lib/turns.ts';

export const maskNoEndOfTurn: Check = {
  code: 'mask/no-end-of-turn',
  severity: 'warning',
  title: 'No end of turn',
  stage: 'mask',
  fixable: false,
  perFile: true,
  run: (context) =>
    trainedParts(context).flatMap((part) => {
      const last = lastAnswerOf(context, part);
      if (last === null || last.after.trim() !== '') return [];
      const { conversation, index, pointer } = last.turn;
      return [
        {
          message: `The template prints nothing after the last answer, ${turnName(index)}: the model does not learn to stop. Choose a template that closes its turns.`,
          ...placeOf(conversation, pointer),
        },
      ];
    }),
};
