import { type CodePointSet, has } from './code-point-set.ts';

/** A few characters that stand for all others: two that are in the same ones of some sets have the same letter. */
export interface Alphabet {
  /** The text with one letter, one unit, for each character. */
  spell(text: string): string;
  /** The letters of a set that the alphabet was made for, as source of a regular expression. */
  classOf(set: CodePointSet): string;
}

/** Letters are ASCII, so that texts of them are small. */
const MOST_LETTERS = 128;
const CODE_POINTS = 0x110000;
/** `String.fromCharCode` takes so many arguments anywhere. */
const SHORT = 4096;

const decoder = new TextDecoder();

/** Null where the sets tell more characters apart than there are letters. */
export function createAlphabet(sets: readonly CodePointSet[]): Alphabet | null {
  const letters = new Uint8Array(CODE_POINTS);
  /** A code point of each letter. */
  const examples: number[] = [];
  const bySignature = new Map<string, number>();
  const edges = [...new Set([0, ...sets.flatMap((set) => set.map((code, i) => code + (i % 2)))])].sort((a, b) => a - b);
  for (let i = 0; i < edges.length; i++) {
    const from = edges[i]!;
    const to = edges[i + 1] ?? CODE_POINTS;
    if (from >= CODE_POINTS) break;
    let signature = '';
    for (const set of sets) signature += has(set, from) ? '1' : '0';
    let letter = bySignature.get(signature);
    if (letter === undefined) {
      letter = examples.length;
      if (letter === MOST_LETTERS) return null;
      bySignature.set(signature, letter);
      examples.push(from);
    }
    letters.fill(letter, from, to);
  }

  let spelled = new Uint8Array(SHORT);
  return {
    spell(text) {
      if (spelled.length < text.length) spelled = new Uint8Array(2 * text.length);
      let length = 0;
      for (let i = 0; i < text.length; i++) {
        let code = text.charCodeAt(i);
        if ((code & 0xf800) === 0xd800) {
          code = text.codePointAt(i)!;
          if (code > 0xffff) i++;
        }
        spelled[length++] = letters[code]!;
      }
      const used = spelled.subarray(0, length);
      return length <= SHORT ? String.fromCharCode.apply(null, used as unknown as number[]) : decoder.decode(used);
    },
    classOf(set) {
      const inside = examples.flatMap((code, letter) =>
        has(set, code) ? [`\\x${letter.toString(16).padStart(2, '0')}`] : [],
      );
      // Of an empty set nothing is ever found.
      return inside.length === 0 ? '(?!)' : inside.length === 1 ? inside[0]! : `[${inside.join('')}]`;
    },
  };
}
