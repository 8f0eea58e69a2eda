import type { CodePointSet } from './code-point-set.ts';
import { property, SPACE as WHITE_SPACE } from './unicode-sets.ts';

// What the scanners tell apart. The order matters: white space comes last.
export const OTHER = 1;
export const LETTER = 2;
export const NUMBER = 3;
export const SPACE = 4;
export const NEWLINE = 5;

/** The kind of each code point as the patterns' own `\p{L}`, `\p{N}`, `\s` and `[\r\n]` have it. */
let known: Uint8Array | null = null;

function kindsOfAll(): Uint8Array {
  const kinds = new Uint8Array(0x110000).fill(OTHER);
  const mark = (set: CodePointSet, kind: number) => {
    for (let i = 0; i < set.length; i += 2) kinds.fill(kind, set[i]!, set[i + 1]! + 1);
  };
  mark(property('L'), LETTER);
  mark(property('N'), NUMBER);
  mark(WHITE_SPACE, SPACE);
  mark([10, 10, 13, 13], NEWLINE);
  return kinds;
}

const encoder = new TextEncoder();

/**
 * UTF-16 units of a text and the kinds of their characters; both halves of a surrogate pair have the pair's. Used again
 * for the next text: three bytes a unit of the longest.
 */
export interface TextUnits {
  units: Uint16Array;
  kinds: Uint8Array;
  /** The text's first bytes as UTF-8, on the way to `units`. */
  bytes: Uint8Array;
  /** By code point. */
  readonly kindOf: Uint8Array;
}

export function createTextUnits(): TextUnits {
  const size = 4096;
  known ??= kindsOfAll();
  return { units: new Uint16Array(size), kinds: new Uint8Array(size), bytes: new Uint8Array(size), kindOf: known };
}

/** Reads a well-formed text into the arrays, which grow as needed, up to the first unit that is not ASCII; returns its place. */
export function readAscii(into: TextUnits, text: string): number {
  const { length } = text;
  if (into.units.length < length) {
    const size = Math.max(length, 2 * into.units.length);
    into.units = new Uint16Array(size);
    into.kinds = new Uint8Array(size);
    into.bytes = new Uint8Array(size);
  }
  const { units, kinds, bytes, kindOf } = into;
  // One call for all units: `charCodeAt` asks of each anew how the string is stored.
  const { written } = encoder.encodeInto(text, bytes);
  for (let i = 0; i < written; i++) {
    const unit = bytes[i]!;
    if (unit > 0x7f) return i;
    units[i] = unit;
    kinds[i] = kindOf[unit]!;
  }
  return written;
}

/** Reads all of a well-formed text. */
export function readUnits(into: TextUnits, text: string): void {
  const from = readAscii(into, text);
  const { units, kinds, kindOf } = into;
  for (let i = from; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    units[i] = unit;
    if ((unit & 0xfc00) !== 0xd800) {
      kinds[i] = kindOf[unit]!;
      continue;
    }
    kinds[i] = kindOf[text.codePointAt(i)!]!;
    units[i + 1] = text.charCodeAt(i + 1);
    kinds[i + 1] = kinds[i]!;
    i++;
  }
}
