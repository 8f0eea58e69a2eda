import { compileOniguruma } from './regex.ts';

// What the scanners tell apart. The order matters: white space comes last.
export const OTHER = 1;
export const LETTER = 2;
export const NUMBER = 3;
export const SPACE = 4;
export const NEWLINE = 5;

const letter = compileOniguruma(String.raw`\p{L}`);
const number = compileOniguruma(String.raw`\p{N}`);
const space = compileOniguruma(String.raw`\s`);

/** Kind of each code point, 0 where nobody has asked yet. The system gives memory only for the pages that are touched. */
const known = new Uint8Array(0x110000);

/** The kind of a code point as the patterns' own `\p{L}`, `\p{N}`, `\s` and `[\r\n]` have it. */
function kindOf(code: number): number {
  const kind = known[code]!;
  if (kind !== 0) return kind;
  const found = classify(String.fromCodePoint(code));
  known[code] = found;
  return found;
}

function classify(char: string): number {
  if (char === '\r' || char === '\n') return NEWLINE;
  if (char.search(letter) >= 0) return LETTER;
  if (char.search(number) >= 0) return NUMBER;
  return char.search(space) >= 0 ? SPACE : OTHER;
}

/**
 * UTF-16 units of a text and the kinds of their characters; both halves of a surrogate pair have the pair's. Used again
 * for the next text: three bytes a unit of the longest.
 */
export interface TextUnits {
  units: Uint16Array;
  kinds: Uint8Array;
}

export function createTextUnits(): TextUnits {
  const size = 4096;
  return { units: new Uint16Array(size), kinds: new Uint8Array(size) };
}

/** Reads a well-formed text into the arrays, which grow as needed, up to the first unit that is not ASCII; returns its place. */
export function readAscii(into: TextUnits, text: string): number {
  const { length } = text;
  if (into.units.length < length) {
    const size = Math.max(length, 2 * into.units.length);
    into.units = new Uint16Array(size);
    into.kinds = new Uint8Array(size);
  }
  const { units, kinds } = into;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return i;
    units[i] = unit;
    kinds[i] = kindOf(unit);
  }
  return length;
}

/** Reads all of a well-formed text. */
export function readUnits(into: TextUnits, text: string): void {
  const from = readAscii(into, text);
  const { units, kinds } = into;
  for (let i = from; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    units[i] = unit;
    if ((unit & 0xfc00) !== 0xd800) {
      kinds[i] = kindOf(unit);
      continue;
    }
    kinds[i] = kindOf(text.codePointAt(i)!);
    units[i + 1] = text.charCodeAt(i + 1);
    kinds[i + 1] = kinds[i]!;
    i++;
  }
}
