import { widthAt } from './aligned.ts';
import type { Encoding } from './encoding.ts';

/** How far ahead a token is looked for before it is given the next character instead. */
const WINDOW = 64;

/**
 * Spans for tokens that come without: each token's text is looked for behind the one before, with case, accents,
 * compatibility forms and the kind of white space left aside. What is not found gets an empty span there.
 */
export function alignTokens(text: string, ids: readonly number[], tokenText: (id: number) => string): Encoding {
  const folded = fold(text);
  const starts = new Int32Array(ids.length);
  const ends = new Int32Array(ids.length);
  let at = 0;
  ids.forEach((id, i) => {
    const wanted = fold(tokenText(id)).text;
    const found = locate(folded.text, wanted, at);
    if (found === null) {
      starts[i] = ends[i] = folded.units[at] ?? text.length;
      return;
    }
    starts[i] = folded.units[found.from]!;
    ends[i] = found.to > found.from ? folded.ends[found.to - 1]! : starts[i]!;
    at = found.to;
  });
  return { ids: Int32Array.from(ids), starts, ends };
}

interface Folded {
  readonly text: string;
  /** Unit of the source where each folded unit begins; one more at the end. */
  readonly units: readonly number[];
  readonly ends: readonly number[];
}

function fold(text: string): Folded {
  let result = '';
  const units: number[] = [];
  const ends: number[] = [];
  for (let i = 0; i < text.length; ) {
    const width = widthAt(text, i);
    const char = text.slice(i, i + width);
    const part = char
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/\p{White_Space}/gu, ' ');
    for (let k = 0; k < part.length; k++) {
      units.push(i);
      ends.push(i + width);
    }
    result += part;
    i += width;
  }
  units.push(text.length);
  return { text: result, units, ends };
}

function locate(text: string, wanted: string, at: number): { from: number; to: number } | null {
  for (const candidate of [wanted, wanted.trim()]) {
    if (candidate === '') continue;
    const found = text.slice(at, at + WINDOW + candidate.length).indexOf(candidate);
    // Only white space may be passed over, else a lost token would pull all later ones along.
    if (found >= 0 && (found === 0 || text.slice(at, at + found).trim() === ''))
      return { from: at + found, to: at + found + candidate.length };
  }
  const ahead = text.slice(at, at + WINDOW).indexOf(wanted.trim());
  if (wanted.trim().length > 1 && ahead >= 0) return { from: at + ahead, to: at + ahead + wanted.trim().length };
  return null;
}
