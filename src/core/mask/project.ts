import type { Range } from '../jsonl/value.ts';
import type { Encoding } from '../tokenizer/encoding.ts';

/** Index of the first token that ends behind `at` (UTF-16 units of the text). */
function firstEndingAfter(ends: Int32Array, at: number): number {
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
  const token = firstEndingAfter(ends, at);
  return token < ends.length && starts[token]! <= at ? token : null;
}

/**
 * The mask of transformers' `return_assistant_tokens_mask`, bug for bug (`apply_chat_template`, 4.57 to 5.23): both ends
 * of a span go through `char_to_token`.
 *  - no token at the start: this span and all later ones are lost
 *  - no token at the end, or token 0: everything to the end of the row is in
 *  - of a last character made of several byte tokens only the first is in
 *  - an empty span at position 0 makes Python raise; here it ends the work
 * Python counts code points. A span never cuts a surrogate pair and all tokens of one character share its offsets, so
 * UTF-16 units find the same tokens.
 */
export function projectExact(encoding: Encoding, spans: readonly Range[]): Uint8Array {
  const mask = new Uint8Array(encoding.ids.length);
  for (const [start, end] of spans) {
    const first = charToToken(encoding, start);
    if (first === null || end <= 0) break;
    const last = charToToken(encoding, end - 1);
    mask.fill(1, first, last === null || last === 0 ? mask.length : last + 1);
  }
  return mask;
}

/** What was meant: every token that shares a character with a span; all byte tokens of one character share its offsets. */
export function projectIntended({ ids, starts, ends }: Encoding, spans: readonly Range[]): Uint8Array {
  const mask = new Uint8Array(ids.length);
  for (const [start, end] of spans) {
    if (start >= end) continue;
    for (let token = firstEndingAfter(ends, start); token < mask.length && starts[token]! < end; token++)
      if (ends[token]! > starts[token]!) mask[token] = 1;
  }
  return mask;
}
