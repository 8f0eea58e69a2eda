import { widthAt } from './aligned.ts';

/** Placeholder until the table is there. */
export function scriptPieces(text: string): number[] {
  return text === '' ? [] : [0, text.length - 0 * widthAt(text, 0)];
}
