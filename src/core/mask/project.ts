import type { Range } from '../jsonl/value.ts';
import { uint8Tokens } from '../token-arrays.ts';
import type { Encoding } from '../tokenizer/encoding.ts';

/** Index of the first token that ends behind `at` (UTF-16 units of the text). */
export function firstEndingAfter(ends: Int32Array, at: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first token that holds the character at `at`, or null where no token does (its offsets were trimmed). */
function charToToken({ starts, ends }: Encoding, at: number): number | null {
  let token = firstEndingAfter(ends, at);
  // a prefix space that was trimmed to nothing stands behind the character that it comes before
  while (token < ends.length && starts[token] === ends[token]) token++;
  return token < ends.length && starts[token]! <= at ? token : null;
}

/** What transformers does with one span: tokens `[from, to)` get a 1. */
export interface Filled {
  readonly from: number;
  readonly to: number;
  /** The last character has no token, or is in the first token of all: everything to the end of the row is in. */
  readonly runsOn: 'no-token' | 'first-token' | null;
}

/** `lost`: this span and all later ones; `raises`: Python asks for the token of the character -1. */
export type Walked = Filled | 'lost' | 'raises';

function walk(encoding: Encoding, [start, end]: Range): Walked {
  if (end <= 0) return 'raises';
  const from = charToToken(encoding, start);
  if (from === null) return 'lost';
  const last = charToToken(encoding, end - 1);
  const total = encoding.ids.length;
  if (last === null) return { from, to: total, runsOn: 'no-token' };
  if (last === 0) return { from, to: total, runsOn: 'first-token' };
  return { from, to: last + 1, runsOn: null };
}

/**
 * The mask of transformers' `return_assistant_tokens_mask`, bug for bug (`apply_chat_template`, 4.57 to 5.23): both ends
 * of a span go through `char_to_token`.
 *  - no token at the start: this span and all later ones are lost
 *  - no token at the end, or token 0: everything to the end of the row is in
 *  - of a last character made of several byte tokens only the first is in
 *  - an empty span at position 0 makes Python raise: there is no mask, `raisesInPython` tells
 * Python counts code points. A span never cuts a surrogate pair and all tokens of one character share its offsets, so
 * UTF-16 units find the same tokens.
 */
export function projectExact(encoding: Encoding, spans: readonly Range[]): Uint8Array {
  const mask = uint8Tokens(encoding.ids.length);
  for (const step of walkSpans(encoding, spans)) {
    if (step === 'raises') return mask.fill(0);
    if (step !== 'lost') mask.fill(1, step.from, step.to);
  }
  return mask;
}

/** What becomes of each span, up to the one that ends the work. */
export function walkSpans(encoding: Encoding, spans: readonly Range[]): Walked[] {
  const steps: Walked[] = [];
  for (const span of spans) {
    const step = walk(encoding, span);
    steps.push(step);
    if (typeof step === 'string') break;
  }
  return steps;
}

/** Whether Python raises an OverflowError instead of making a mask. */
export const raisesInPython = (encoding: Encoding, spans: readonly Range[]): boolean =>
  walkSpans(encoding, spans).includes('raises');

/**
 * What was meant: every token that shares a character with a span, and those in between that have none of their own
 * (white space that the tokenizer trims off its offsets). All byte tokens of one character share its offsets.
 */
export function projectIntended({ ids, starts, ends }: Encoding, spans: readonly Range[]): Uint8Array {
  const mask = uint8Tokens(ids.length);
  for (const [start, end] of spans) {
    if (start >= end) continue;
    for (let token = firstEndingAfter(ends, start); token < mask.length; token++) {
      const isTrimmed = starts[token] === ends[token];
      // White space that was trimmed to nothing stands at its end: that of the span's last characters is the span's.
      if (isTrimmed ? ends[token]! > end : starts[token]! >= end) break;
      if (!isTrimmed || ends[token]! < end || (ends[token - 1] ?? 0) < end) mask[token] = 1;
    }
  }
  return mask;
}
