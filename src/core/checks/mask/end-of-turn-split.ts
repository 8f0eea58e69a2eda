import { firstEndingAfter } from '../../mask/project.ts';
import type { Encoding } from '../../tokenizer/encoding.ts';
import type { Check } from '../check.ts';
import { lastAnswersOf } from '../lib/last-answer.ts';
import { placeOf } from '../lib/place.ts';
import { quoted } from '../lib/words.ts';

/** What is written so is one token of the model that a template is made for: it stops there. */
const MARKER = /<[|｜][^<>\s]{1,60}[|｜]>|<\/s>|<eos>|<end_of_(?:turn|utterance)>/g;

/** The half-open range of the tokens that hold some of the text `[from, to)`. */
function tokensOf({ starts, ends }: Encoding, from: number, to: number): readonly [number, number] {
  const begin = firstEndingAfter(ends, from);
  let end = begin;
  while (end < starts.length && (starts[end] ?? 0) < to) end++;
  return [begin, end];
}

export const maskEndOfTurnSplit: Check = {
  code: 'mask/end-of-turn-split',
  severity: 'warning',
  title: 'End of turn is no token',
  stage: 'mask',
  fixable: false,
  perFile: true,
  run: (context) =>
    lastAnswersOf(context).flatMap(({ part, turn, after, at }) => {
      const markers = [...after.matchAll(MARKER)].map(({ 0: text, index }) => {
        const from = at + index;
        return { text, tokens: tokensOf(part.encoding, from, from + text.length) };
      });
      // One that is a token is enough to stop at.
      const [first] = markers;
      if (first === undefined || markers.some(({ tokens: [from, to] }) => to - from === 1)) return [];
      const [from, to] = first.tokens;
      return [
        {
          message: `The template ends the answer with ${quoted(first.text)}, which this tokenizer splits into ${to - from} tokens: the model learns no token to stop at. Choose the tokenizer and the chat template of one model.`,
          ...placeOf(turn.conversation, turn.pointer),
          tokens: first.tokens,
        },
      ];
    }),
};
