import type { Check } from '../check.ts';
import { placeOfCharacter } from '../lib/origin.ts';
import { trainedParts } from '../lib/trained.ts';
import { figure } from '../lib/words.ts';
import { cutOf, raiseTo } from './cut.ts';

export const lengthPromptOnlyLeft: Check = {
  code: 'length/prompt-only-left',
  severity: 'error',
  title: 'Max length leaves nothing to train',
  stage: 'mask',
  fixable: true,
  only: 'cut',
  run: (context) =>
    trainedParts(context).flatMap((part) => {
      const { maxLength } = context.settings;
      const cut = cutOf(part, maxLength);
      if (cut === null || cut.trained > 0 || cut.trainedCut === 0) return [];
      const first = part.mask.trained.indexOf(1);
      return [
        {
          message: `No token is trained: max length ${figure(maxLength)} cuts the row before its first answer, which begins at token ${figure(first + 1)}. Raise it, or shorten the prompt.`,
          ...placeOfCharacter(part, part.encoding.starts[maxLength] ?? 0),
          tokens: [maxLength, cut.tokens] as const,
          data: { tokens: cut.tokens, firstTrained: first },
          fixes: [raiseTo(cut.tokens)],
        },
      ];
    }),
};
