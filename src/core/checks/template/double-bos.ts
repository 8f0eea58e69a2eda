import type { Check } from '../check.ts';
import { quoted } from '../lib/words.ts';

export const templateDoubleBos: Check = {
  code: 'template/double-bos',
  severity: 'warning',
  title: 'Two begin tokens',
  stage: 'render',
  fixable: false,
  perFile: true,
  run: ({ parts, bundle }) =>
    parts.flatMap(({ encoding, conversation }) => {
      const bos = bundle.specialTokens['bos_token'];
      if (bos === undefined || encoding === null) return [];
      const id = bundle.tokenizer.addedTokens.find((token) => token.content === bos)?.id;
      if (id === undefined || encoding.ids[0] !== id || encoding.ids[1] !== id) return [];
      const who =
        conversation.kind === 'text'
          ? 'the tokenizer adds one and the text begins with one. Remove it from the text.'
          : 'the template or the text prints it twice. Remove one.';
      return [{ message: `The row begins with two ${quoted(bos)}: ${who}`, pointer: '', tokens: [0, 2] as const }];
    }),
};
