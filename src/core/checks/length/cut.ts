import type { MaskedPart } from '../lib/trained.ts';
import { figure } from '../lib/words.ts';
import type { Fix } from '../problem.ts';

/** What max length takes of a row. Token counts. */
export interface Cut {
  readonly tokens: number;
  readonly trained: number;
  readonly trainedCut: number;
}

export function cutOf({ mask, encoding }: MaskedPart, maxLength: number): Cut | null {
  const tokens = encoding.ids.length;
  if (maxLength <= 0 || tokens <= maxLength) return null;
  let trained = 0;
  let trainedCut = 0;
  for (let i = 0; i < tokens; i++) if (mask.trained[i]) i < maxLength ? trained++ : trainedCut++;
  return { tokens, trained, trainedCut };
}

/** Raises max length to the next round size: a power of two, or one and a half of one. */
export function raiseTo(tokens: number): Fix {
  let size = 2;
  while (size < tokens) size *= 2;
  const between = (size / 4) * 3;
  const value = Number.isInteger(between) && between >= tokens && tokens > 2048 ? between : size;
  return { scope: 'config', title: `Raise to ${figure(value)} (changes max length)`, key: 'maxLength', value };
}
