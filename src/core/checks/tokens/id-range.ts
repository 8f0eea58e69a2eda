import type { Check } from '../check.ts';
import { figure } from '../lib/words.ts';

export const tokensIdRange: Check = {
  code: 'tokens/id-range',
  severity: 'error',
  title: 'Token id outside the vocabulary',
  stage: 'conversation',
  fixable: false,
  only: 'tokens',
  run: ({ parts, bundle }) =>
    parts.flatMap(({ conversation }) => {
      if (conversation.kind !== 'tokens') return [];
      const { vocabSize } = bundle.tokenizer;
      const bad = conversation.ids.findIndex((id) => id < 0 || id >= vocabSize);
      if (bad < 0) return [];
      return [
        {
          message: `Token id ${conversation.ids[bad]} is not in the tokenizer's vocabulary of ${figure(vocabSize)}. The row was made with another tokenizer: choose that one.`,
          pointer: `/input_ids/${bad}`,
          tokens: [bad, bad + 1] as const,
        },
      ];
    }),
};
