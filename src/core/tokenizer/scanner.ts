import { LETTER, NEWLINE, NUMBER, OTHER, SPACE } from './char-kinds.ts';

/**
 * The end of the piece that begins at unit `at` of a text that ends at `to`: what a pattern that covers every text
 * matches there. Written out by hand, because making a string for each piece costs more than all the rest.
 */
export type Scanner = (kinds: Uint8Array, units: Uint16Array, at: number, to: number) => number;

/** GPT-2's pattern, in pre_tokenizers/byte_level.rs of tokenizers 0.23. */
export const GPT2 = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/** The pattern of cl100k, Llama 3 and Qwen, which differ in how many digits make a piece. */
const cl100k = (digits: string): string =>
  String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|${digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

export const CL100K = cl100k(String.raw`\p{N}{1,3}`);
export const QWEN = cl100k(String.raw`\p{N}`);

/** The scanner that cuts as a pattern of tokenizer.json does; null for patterns that are not known here. */
export function scannerFor(pattern: string): Scanner | null {
  switch (pattern) {
    case GPT2:
      return scanGpt2;
    case CL100K:
      return cl100kScanner(3);
    case QWEN:
      return cl100kScanner(1);
    default:
      return null;
  }
}

const BLANK = 0x20;
const APOSTROPHE = 0x27;
const LONG_S = 0x17f;

function scanGpt2(kinds: Uint8Array, units: Uint16Array, at: number, to: number): number {
  const unit = units[at]!;
  if (unit === APOSTROPHE) {
    const end = contractionEnd(units, at, to);
    if (end > 0) return end;
  }
  const first = unit === BLANK && at + 1 < to ? at + 1 : at;
  const kind = kinds[first]!;
  return kind < SPACE ? runEnd(kinds, kind, first + 1, to) : spaceEnd(kinds, at, to);
}

function cl100kScanner(digits: number): Scanner {
  return (kinds, units, at, to) => {
    const kind = kinds[at]!;
    if (kind === LETTER) return runEnd(kinds, LETTER, at + 1, to);
    if (kind === NUMBER) {
      let end = at;
      for (let i = 0; i < digits && end < to && kinds[end] === NUMBER; i++) end += widthOf(units, end);
      return end;
    }
    if (kind !== NEWLINE) {
      const unit = units[at]!;
      if (unit === APOSTROPHE) {
        const end = contractionEnd(units, at, to, true);
        if (end > 0) return end;
      }
      const second = at + widthOf(units, at);
      const follows = second < to ? kinds[second]! : 0;
      if (follows === LETTER) return runEnd(kinds, LETTER, second + 1, to);
      if (kind === OTHER || (unit === BLANK && follows === OTHER))
        return runEnd(kinds, NEWLINE, runEnd(kinds, OTHER, second, to), to);
    }
    return lineEnd(kinds, at, to);
  };
}

/** Where a run of one kind ends. */
function runEnd(kinds: Uint8Array, kind: number, from: number, to: number): number {
  let end = from;
  while (end < to && kinds[end] === kind) end++;
  return end;
}

/** `\s+(?!\S)|\s+`: the last blank before a word is left to the word. */
function spaceEnd(kinds: Uint8Array, at: number, to: number): number {
  let end = at + 1;
  while (end < to && kinds[end]! >= SPACE) end++;
  return end === to || end === at + 1 ? end : end - 1;
}

/** `\s*[\r\n]+|\s+(?!\S)|\s+`: through the last line break, if there is one. */
function lineEnd(kinds: Uint8Array, at: number, to: number): number {
  let lastBreak = -1;
  for (let i = at; i < to && kinds[i]! >= SPACE; i++) if (kinds[i] === NEWLINE) lastBreak = i;
  return lastBreak < 0 ? spaceEnd(kinds, at, to) : lastBreak + 1;
}

/** Units of the character at `at` of a well-formed text. */
function widthOf(units: Uint16Array, at: number): number {
  return (units[at]! & 0xfc00) === 0xd800 ? 2 : 1;
}

/** `'s|'t|'re|'ve|'m|'ll|'d`, or 0 where none begins at the apostrophe. */
function contractionEnd(units: Uint16Array, at: number, to: number, ignoreCase = false): number {
  const lower = ignoreCase ? 0x20 : 0;
  const first = at + 1 < to ? units[at + 1]! : 0;
  if (ignoreCase && first === LONG_S) return at + 2;
  switch (first | lower) {
    case 0x73: // s
    case 0x74: // t
    case 0x6d: // m
    case 0x64: // d
      return at + 2;
  }
  const second = at + 2 < to ? units[at + 2]! | lower : 0;
  switch (first | lower) {
    case 0x72: // re
    case 0x76: // ve
      return second === 0x65 ? at + 3 : 0;
    case 0x6c: // ll
      return second === 0x6c ? at + 3 : 0;
    default:
      return 0;
  }
}
