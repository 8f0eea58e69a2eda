import { describe, expect, it } from 'vitest';
import { createTextUnits, readUnits } from './char-kinds.ts';
import { addPiece, createPieceCache, findPiece, hashOf, NOT_FOUND } from './piece-cache.ts';
import { compileOniguruma } from './regex.ts';
import { CL100K, GPT2, QWEN, scannerFor } from './scanner.ts';

const STRINGS = 20_000;

/** Numbers below `limit` that are the same in every run (mulberry32). */
function randomFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const ASCII = [
  ..." \n\r\t'''sStTmMdDrRvVeElLaZ019.!_-\"<\x0b\x00\x7f",
  '  ',
  '\n\n',
  "'ll",
  "'RE",
  ' \n',
  'word',
  '2024',
];
// Long s, combining and other letters, numbers and blanks of other scripts, pairs of each kind, newer than Oniguruma's tables.
const WIDE = [
  ...'ſéßИ漢ǅªΩ\u0301\u0663½Ⅳ²\xa0\u0085\u2028\u3000\u200b\ufeff\u180e’…€',
  ...'𝟎𝐀😀𠀀🏽\u{e0001}\u{1d7ce}\u{1ccfa}\u088f\u{11db0}',
  "'ſ",
  ' 😀',
  '😀a',
];

function randomText(below: (limit: number) => number, alphabet: readonly string[]): string {
  let text = '';
  for (let i = below(24); i >= 0; i--) text += alphabet[below(alphabet.length)];
  return text;
}

describe('scanners', () => {
  const read = createTextUnits();

  for (const [name, pattern] of Object.entries({ GPT2, CL100K, QWEN })) {
    const scan = scannerFor(pattern)!;
    const find = compileOniguruma(pattern);
    const matches = (text: string) => {
      const bounds = find(text);
      return bounds.flatMap((start, i) => (i % 2 === 0 ? [text.slice(start, bounds[i + 1])] : []));
    };
    const pieces = (text: string) => {
      readUnits(read, text);
      const found: string[] = [];
      for (let at = 0; at < text.length; ) {
        const end = scan(read.kinds, read.units, at, text.length);
        found.push(text.slice(at, end));
        at = end;
      }
      return found;
    };

    it(`${name} cuts random text as the pattern does`, () => {
      const below = randomFrom(7);
      for (let i = 0; i < STRINGS; i++) {
        const text = randomText(below, i % 2 === 0 ? ASCII : [...ASCII, ...WIDE]);
        const expected = matches(text);
        const actual = pieces(text);
        if (actual.join('|') !== expected.join('|'))
          expect({ text, pieces: actual }).toEqual({ text, pieces: expected });
      }
    });

    // The kinds of characters are the same for all.
    if (name !== 'QWEN') continue;
    it('knows every code point', { timeout: 60_000 }, () => {
      for (let from = 1; from < 0x110000; from += 0x400) {
        if (from >= 0xd800 && from < 0xe000) continue;
        let text = '';
        for (let code = from; code < Math.min(from + 0x400, 0x110000); code++) {
          const char = String.fromCodePoint(code);
          text += code >= 0xd800 && code < 0xe000 ? '' : `a${char}b 1${char}2`;
        }
        const actual = pieces(text).join('|');
        const expected = matches(text).join('|');
        if (actual !== expected) expect({ from, pieces: actual }).toEqual({ from, pieces: expected });
      }
    });
  }

  it('reads a part of a text as if it stood alone', () => {
    const text = "I'll go  \n now  ";
    readUnits(read, text);
    const scan = scannerFor(QWEN)!;
    // Cut inside the contraction and the blanks.
    expect(scan(read.kinds, read.units, 1, 3)).toBe(3);
    expect(scan(read.kinds, read.units, 7, 9)).toBe(9);
    expect(scan(read.kinds, read.units, 7, text.length)).toBe(10);
  });

  it('leaves other patterns to the regular expression', () => {
    expect(scannerFor(String.raw`\p{N}{1,3}|\s+`)).toBeNull();
  });
});

describe('piece cache', () => {
  it('gives what was put in, until it is full and starts anew', () => {
    const cache = createPieceCache();
    const read = createTextUnits();
    const below = randomFrom(3);
    const known = new Map<string, number>();
    let most = 0;
    for (let i = 0; i < 300_000; i++) {
      const text = `${below(150_000)}${' '.repeat(below(4))}x`;
      readUnits(read, text);
      const hash = hashOf(read.units, 0, text.length);
      const value = findPiece(cache, hash, read.units, 0, text.length);
      const before = cache.count;
      if (value === NOT_FOUND) {
        const tokens = i % 2 === 0 ? i : Int32Array.of(i, 0, 1, i + 1, 1, text.length);
        addPiece(cache, hash, read.units, 0, text.length, tokens);
        if (cache.count < before) known.clear();
        known.set(text, i);
      } else {
        const first = value >= 0 ? value : cache.tokens[~value + 1];
        if (first !== known.get(text)) expect(first).toBe(known.get(text));
        if (value < 0) expect(cache.tokens[~value]).toBe(2);
      }
      most = Math.max(most, cache.count);
    }
    expect(most).toBeGreaterThan(100_000);
    expect(cache.slots.byteLength + cache.texts.byteLength + cache.tokens.byteLength).toBeLessThanOrEqual(10 << 20);
  });

  it('does not keep long pieces', () => {
    const cache = createPieceCache();
    const read = createTextUnits();
    const text = 'a'.repeat(200);
    readUnits(read, text);
    addPiece(cache, 1, read.units, 0, text.length, 5);
    expect(cache.count).toBe(0);
  });
});
