import type { Check } from '../check.ts';
import { lastAnswersOf } from '../lib/last-answer.ts';
import { placeOf } from '../lib/place.ts';
import { turnName } from '../lib/turns.ts';

export const maskNoEndOfTurn: Check = {
  code: 'mask/no-end-of-turn',
  severity: 'warning',
  title: 'No end of turn',
  stage: 'mask',
  fixable: false,
  perFile: true,
  run: (context) =>
    lastAnswersOf(context)
      .filter(({ after }) => after.trim() === '')
      .map(({ turn: { conversation, index, pointer } }) => ({
        message: `The template prints nothing after the last answer, ${turnName(index)}: the model does not learn to stop. Choose a template that closes its turns.`,
        ...placeOf(conversation, pointer),
      })),
};
