import type { Check } from '../check.ts';
import { placeOfCharacter } from '../lib/origin.ts';
import { trainedParts } from '../lib/trained.ts';
import { counted, figure } from '../lib/words.ts';
import { cutOf, raiseTo } from './cut.ts';

export const lengthTooLong: Check = {
  code: 'length/too-long',
  severity: 'information',
  title: 'Longer than max length',
  stage: 'mask',
  fixable: true,
  only: 'cut',
  run: (context) =>
    trainedParts(context).flatMap((part) => {
      const { maxLength } = context.settings;
      const cut = cutOf(part, maxLength);
      // What is trained and cut is worse, and said by the other two.
      if (cut === null || cut.trainedCut > 0) return [];
      return [
        {
          message: `The row has ${figure(cut.tokens)} tokens: max length ${figure(maxLength)} cuts ${counted(cut.tokens - maxLength, 'token')}, none of them trained.`,
          ...placeOfCharacter(part, part.encoding.starts[maxLength] ?? 0),
          tokens: [maxLength, cut.tokens] as const,
          data: { tokens: cut.tokens },
          fixes: [raiseTo(cut.tokens)],
        },
      ];
    }),
};
