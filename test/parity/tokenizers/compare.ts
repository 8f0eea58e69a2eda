import type { Encoding } from '../../../src/core/tokenizer/encoding.ts';

/** What the Rust tokenizers give: ids, and spans in code points, flat. */
export interface Expected {
  readonly ids: ArrayLike<number>;
  readonly offsets: ArrayLike<number>;
}

/** Where two encodings of `text` part, in words; null where they are equal. */
export function difference(text: string, actual: Encoding, expected: Expected): string | null {
  const ids = firstDifference(actual.ids, expected.ids);
  if (ids !== null) return `${show(text)}: ids ${ids}`;
  const offsets = firstDifference(codePointSpans(text, actual), expected.offsets);
  return offsets === null ? null : `${show(text)}: offsets ${offsets}`;
}

function firstDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): string | null {
  for (let i = 0; i < Math.max(actual.length, expected.length); i++) {
    if (actual[i] === expected[i]) continue;
    const around = (list: ArrayLike<number>) =>
      Array.from(list)
        .slice(Math.max(0, i - 2), i + 4)
        .join(' ');
    return `at ${i} of ${expected.length}: ${around(actual)} instead of ${around(expected)}`;
  }
  return null;
}

/** Start and end of each token in code points, flat. */
function codePointSpans(text: string, { starts, ends }: Encoding): Int32Array {
  const indexes = codePointIndexes(text);
  const spans = new Int32Array(2 * starts.length);
  for (let i = 0; i < starts.length; i++) {
    spans[2 * i] = indexes[starts[i]!]!;
    spans[2 * i + 1] = indexes[ends[i]!]!;
  }
  return spans;
}

/** Code point index of every UTF-16 unit; the second half of a pair belongs to the first. */
function codePointIndexes(text: string): Int32Array {
  const indexes = new Int32Array(text.length + 1);
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    indexes[i] = count;
    if (text.codePointAt(i)! > 0xffff) indexes[++i] = count;
    count++;
  }
  indexes[text.length] = count;
  return indexes;
}

function show(text: string): string {
  const escaped = JSON.stringify(text).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return escaped.length > 300 ? `${escaped.slice(0, 300)}...` : escaped;
}
