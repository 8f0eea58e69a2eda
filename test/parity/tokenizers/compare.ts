import type { Encoding } from '../../../src/core/tokenizer/encoding.ts';

/** What the Rust tokenizers give: ids, and spans in code points, flat. */
export interface Expected {
  readonly ids: readonly number[];
  readonly offsets: readonly number[];
}

/** Where two encodings of `text` part, in words; null where they are equal. */
export function difference(text: string, actual: Encoding, expected: Expected): string | null {
  const ids = firstDifference([...actual.ids], expected.ids);
  if (ids !== null) return `${show(text)}: ids ${ids}`;
  const toCodePoint = codePointIndexes(text);
  const spans: number[] = [];
  for (let i = 0; i < actual.ids.length; i++)
    spans.push(toCodePoint[actual.starts[i]!]!, toCodePoint[actual.ends[i]!]!);
  const offsets = firstDifference(spans, expected.offsets);
  return offsets === null ? null : `${show(text)}: offsets ${offsets}`;
}

function firstDifference(actual: readonly number[], expected: readonly number[]): string | null {
  for (let i = 0; i < Math.max(actual.length, expected.length); i++) {
    if (actual[i] === expected[i]) continue;
    const around = (list: readonly number[]) => list.slice(Math.max(0, i - 2), i + 4).join(' ');
    return `at ${i} of ${expected.length}: ${around(actual)} instead of ${around(expected)}`;
  }
  return null;
}

/** Code point index of every UTF-16 unit; the second half of a pair belongs to the first. */
function codePointIndexes(text: string): number[] {
  const indexes: number[] = [];
  let count = 0;
  for (const char of text) {
    for (let i = 0; i < char.length; i++) indexes.push(count);
    count++;
  }
  indexes.push(count);
  return indexes;
}

function show(text: string): string {
  const escaped = JSON.stringify(text).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return escaped.length > 300 ? `${escaped.slice(0, 300)}...` : escaped;
}
