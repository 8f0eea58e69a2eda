import { describe, expect, it } from 'vitest';
import type { Range } from '../jsonl/value.ts';
import type { Encoding } from '../tokenizer/encoding.ts';
import { projectExact, projectIntended, raisesInPython } from './project.ts';

const encodingOf = (...offsets: Range[]): Encoding => ({
  ids: Int32Array.from(offsets, (_, i) => i),
  starts: Int32Array.from(offsets, ([start]) => start),
  ends: Int32Array.from(offsets, ([, end]) => end),
});
const exact = (encoding: Encoding, ...spans: Range[]): string => projectExact(encoding, spans).join('');
const intended = (encoding: Encoding, ...spans: Range[]): string => projectIntended(encoding, spans).join('');

/** Expected values: transformers 5.23 `return_assistant_tokens_mask`. */
describe('the projection of transformers, bug for bug', () => {
  const words = encodingOf([0, 3], [3, 6], [6, 9], [9, 12]);
  it('takes the tokens of both ends and all between', () => {
    expect(exact(words, [3, 9])).toBe('0110');
    expect(exact(words, [3, 6], [9, 12])).toBe('0101');
  });
  it('takes a token that straddles the boundary whole', () => {
    expect(exact(words, [4, 7])).toBe('0110');
  });
  it('runs to the end of the row where the last token is the first of all', () => {
    expect(exact(words, [0, 3])).toBe('1111');
    expect(intended(words, [0, 3])).toBe('1000');
  });
  it('runs to the end of the row where trimmed offsets leave the last character without a token', () => {
    const trimmed = encodingOf([0, 3], [3, 5], [6, 9], [9, 12]);
    expect(exact(trimmed, [3, 6])).toBe('0111');
    expect(intended(trimmed, [3, 6])).toBe('0100');
  });
  it('loses this and all later spans where no token holds the first character', () => {
    const trimmed = encodingOf([0, 3], [4, 6], [6, 9], [9, 12]);
    expect(exact(trimmed, [3, 6], [9, 12])).toBe('0000');
    expect(intended(trimmed, [3, 6], [9, 12])).toBe('0101');
  });
  it('keeps only the first byte token of a last character of several', () => {
    const emoji = encodingOf([0, 1], [1, 3], [1, 3], [1, 3], [3, 4]);
    expect(exact(emoji, [1, 3])).toBe('01000');
    expect(intended(emoji, [1, 3])).toBe('01110');
  });
  it('finds a straddling token for an empty span, and stops at an empty span at the start', () => {
    expect(exact(words, [4, 4])).toBe('0100');
    expect(exact(words, [6, 6])).toBe('0000');
    // the character before it is in token 0, which Python takes for "none"
    expect(exact(words, [3, 3])).toBe('0111');
    expect(exact(words, [0, 0], [3, 6])).toBe('0000');
    expect(intended(words, [4, 4])).toBe('0000');
  });
  it('means tokens whose white space was trimmed to nothing where it is the span’s', () => {
    expect(intended(encodingOf([0, 0], [0, 3], [3, 3], [3, 6]), [0, 6])).toBe('0111');
    // "ab", a line break, "cd", a line break: each break is a token that stands at its own end
    const breaks = encodingOf([0, 2], [3, 3], [3, 5], [6, 6]);
    expect(intended(breaks, [0, 3])).toBe('1100');
    expect(intended(breaks, [0, 2])).toBe('1000');
    expect(intended(breaks, [3, 5])).toBe('0010');
    expect(intended(breaks, [3, 6])).toBe('0011');
    expect(exact(breaks, [3, 6])).toBe('0011');
    expect(exact(breaks, [0, 3], [3, 6])).toBe('1111');
  });
  it('finds a character behind a prefix space that was trimmed to nothing', () => {
    const prefixed = encodingOf([0, 2], [3, 3], [2, 3], [3, 5]);
    expect(exact(prefixed, [2, 3])).toBe('0010');
    expect(intended(prefixed, [2, 3])).toBe('0110');
    expect(intended(prefixed, [3, 5])).toBe('0001');
  });
  it('raises where the first block is empty and nothing stands before it', () => {
    expect(raisesInPython(words, [[0, 0]])).toBe(true);
    expect(raisesInPython(words, [[3, 3]])).toBe(false);
    // a span that is lost ends the work before Python comes to it
    expect(
      raisesInPython(words, [
        [40, 41],
        [0, 0],
      ]),
    ).toBe(false);
  });
});
