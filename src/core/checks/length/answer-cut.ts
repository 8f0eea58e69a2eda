import type { Check } from '../check.ts';
import { placeOfCharacter } from '../lib/origin.ts';
import { specialIds, trainedParts } from '../lib/trained.ts';
import { counted, figure, turnsNamed } from '../lib/words.ts';
import { cutOf, raiseTo } from './cut.ts';

export const lengthAnswerCut: Check = {
  code: 'length/answer-cut',
  severity: 'warning',
  title: 'Answer cut by max length',
  stage: 'mask',
  fixable: true,
  only: 'cut',
  run: (context) =>
    trainedParts(context).flatMap((part) => {
      const { maxLength } = context.settings;
      const { mask, encoding, conversation } = part;
      const cut = cutOf(part, maxLength);
      if (cut === null || cut.trained === 0 || cut.trainedCut === 0) return [];
      const lost: number[] = [];
      for (let i = maxLength; i < cut.tokens; i++) if (mask.trained[i]) lost.push(i);
      const special = specialIds(context.bundle.tokenizer);
      const ending = lost.some((i) => special.has(encoding.ids[i] ?? -1)) ? ', its end of turn included' : '';
      const turns = [...new Set(lost.map((i) => mask.turns[i] ?? -1))].filter((turn) => turn >= 0);
      const tokens = counted(cut.trainedCut, 'token');
      const what =
        conversation.kind !== 'chat'
          ? `The text is cut by ${tokens}${ending}.`
          : turns.length <= 1
            ? `The last answer is cut by ${tokens}${ending}.`
            : `${tokens} of the answers in ${turnsNamed(turns)} are cut.`;
      return [
        {
          message: `${what} Raise max length, now ${figure(maxLength)}, or shorten the row of ${figure(cut.tokens)}.`,
          ...placeOfCharacter(part, encoding.starts[maxLength] ?? 0),
          tokens: [maxLength, cut.tokens] as const,
          data: { tokens: cut.tokens, cut: cut.trainedCut },
          fixes: [raiseTo(cut.tokens)],
        },
      ];
    }),
};
