import { describe, expect, it } from 'vitest';
import type { Range } from '../jsonl/value.ts';
import type { Encoding } from '../tokenizer/encoding.ts';
import { defectsOf } from './defects.ts';

const encodingOf = (...offsets: Range[]): Encoding => ({
  ids: Int32Array.from(offsets, (_, i) => i),
  starts: Int32Array.from(offsets, ([start]) => start),
  ends: Int32Array.from(offsets, ([, end]) => end),
});
const named = (encoding: Encoding, spans: readonly Range[], meant?: readonly Range[]): unknown =>
  defectsOf(encoding, spans, meant).map(({ name, extra, lost, spans: of }) => [name, extra, lost, of]);

const words = encodingOf([0, 3], [3, 6], [6, 9], [9, 12]);
/** The white space at 5 and at 11 was trimmed off. */
const trimmed = encodingOf([0, 3], [3, 5], [6, 9], [9, 11]);

describe('defects of the token mask, each by its own spans', () => {
  it('finds none where all is as meant, a token across the edge among it', () => {
    expect(named(words, [[3, 9]])).toEqual([]);
    expect(named(words, [[4, 7]])).toEqual([]);
    expect(named(words, [])).toEqual([]);
  });
  it('B1: ends in the first token', () => {
    expect(named(words, [[0, 3]])).toEqual([['B1', [1, 2, 3], [], [0]]]);
    expect(
      named(words, [
        [0, 3],
        [6, 9],
      ]),
    ).toEqual([['B1', [1, 3], [], [0]]]);
  });
  it('B2: ends in white space without a token', () => {
    expect(named(trimmed, [[3, 6]])).toEqual([['B2', [2, 3], [], [0]]]);
    // at the end of the row it changes nothing
    expect(named(trimmed, [[9, 12]])).toEqual([]);
  });
  it('B3: begins with white space without a token, and takes later spans with it', () => {
    expect(
      named(trimmed, [
        [5, 9],
        [9, 11],
      ]),
    ).toEqual([['B3', [], [2, 3], [0]]]);
    expect(
      named(trimmed, [
        [0, 5],
        [5, 9],
      ]),
    ).toEqual([['B3', [], [2], [1]]]);
  });
  it('B4: the last character has several tokens', () => {
    const emoji = encodingOf([0, 1], [1, 3], [1, 3], [1, 3], [3, 4]);
    expect(named(emoji, [[1, 3]])).toEqual([['B4', [], [2, 3], [0]]]);
  });
  it('B5: an empty span at the beginning, with everything it takes away', () => {
    expect(named(words, [[0, 0]])).toEqual([['B5', [], [], [0]]]);
    expect(
      named(words, [
        [0, 0],
        [6, 9],
      ]),
    ).toEqual([['B5', [], [2], [0]]]);
  });
  it('B6: the span lies elsewhere', () => {
    expect(named(words, [[3, 6]], [[6, 9]])).toEqual([['B6', [1], [2], [0]]]);
  });
  it('B7: an empty span inside a token', () => {
    expect(named(words, [[4, 4]])).toEqual([['B7', [1], [], [0]]]);
  });
  it('tells two defects of one row apart', () => {
    // the first span loses bytes of its emoji, the second runs to the end of the row
    const both = encodingOf([0, 1], [1, 3], [1, 3], [3, 5], [5, 7], [8, 9], [9, 10]);
    expect(
      named(both, [
        [1, 3],
        [5, 8],
      ]),
    ).toEqual([
      ['B4', [], [2], [0]],
      ['B2', [5, 6], [], [1]],
    ]);
  });
});
