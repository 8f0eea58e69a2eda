import type { Check } from '../check.ts';
import { placeOfCharacter } from '../lib/origin.ts';
import { type MaskedPart, trainedParts } from '../lib/trained.ts';
import { counted } from '../lib/words.ts';

export const maskDiffersFromIntended: Check = {
  code: 'mask/differs-from-intended',
  severity: 'warning',
  title: 'Mask differs from what was meant',
  stage: 'mask',
  fixable: false,
  perFile: true,
  run: (context) =>
    trainedParts(context).flatMap((part) => {
      const { mask, encoding } = part;
      const { intended, trained } = mask;
      // Where nothing at all is trained, `mask/no-trained-tokens` says so.
      if (intended === null || !trained.includes(1)) return [];
      const extra: number[] = [];
      const lost: number[] = [];
      for (let i = 0; i < trained.length; i++) if (trained[i] !== intended[i]) (trained[i] ? extra : lost).push(i);
      const first = Math.min(extra[0] ?? Number.POSITIVE_INFINITY, lost[0] ?? Number.POSITIVE_INFINITY);
      if (!Number.isFinite(first)) return [];
      const last = Math.max(extra.at(-1) ?? 0, lost.at(-1) ?? 0);
      const { name, why } = causeOf(part, extra, lost);
      const sums = [
        extra.length > 0 ? `trains ${counted(extra.length, 'token')} too many` : '',
        lost.length > 0 ? `leaves out ${counted(lost.length, 'token')}` : '',
      ].filter((text) => text !== '');
      return [
        {
          message: `The token mask of transformers ${sums.join(' and ')}: ${why} (${name}). Choose a mask that does not use generation blocks, or compare it with what was meant.`,
          ...placeOfCharacter(part, encoding.starts[first] ?? 0),
          tokens: [first, last + 1] as const,
          data: { cause: name, extra: extra.length, lost: lost.length },
        },
      ];
    }),
};

/** Which known defect of `return_assistant_tokens_mask` (transformers 4.57 to 5.23) it is. */
function causeOf(
  { mask, encoding }: MaskedPart,
  extra: readonly number[],
  lost: readonly number[],
): { name: string; why: string } {
  const end = encoding.ids.length;
  if (extra.at(-1) === end - 1) {
    const [firstStart, firstEnd] = mask.spans[0] ?? [0, 0];
    return firstStart < firstEnd && firstEnd <= (encoding.ends[0] ?? 0)
      ? { name: 'B1', why: 'a generation block that ends in the first token is taken to reach to the end of the row' }
      : {
          name: 'B2',
          why: 'a generation block that ends in white space, which the tokenizer trims off its offsets, is taken to reach to the end of the row',
        };
  }
  if (extra.length > 0)
    return { name: 'B7', why: 'a token across the edge of a generation block is trained as a whole' };
  const bytes = lost.every((i) => {
    const start = encoding.starts[i];
    return encoding.starts[i - 1] === start && encoding.ends[i - 1] === encoding.ends[i];
  });
  if (bytes)
    return { name: 'B4', why: 'of a last character that is made of several tokens, only the first is trained' };
  return {
    name: 'B3',
    why: 'a generation block that begins with white space, which the tokenizer trims off its offsets, is lost with all that follow',
  };
}
