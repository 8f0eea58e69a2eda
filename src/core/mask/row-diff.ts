import type { MaskSpec } from '../config.ts';

/** One of two masks that are compared: what the preset's tool trains, or what was meant. */
export interface MaskChoice {
  readonly mask: MaskSpec;
  readonly intended: boolean;
}

/** How many tokens two masks train of a row, inside max length. */
export interface RowDiff {
  readonly a: number;
  readonly b: number;
  readonly onlyA: number;
  readonly onlyB: number;
  /** The two are not over the same tokens: a tool prints another text. Then all of `a` and `b` differ. */
  readonly otherTokens?: true;
}

export const differs = ({ onlyA, onlyB, otherTokens }: RowDiff): boolean =>
  onlyA > 0 || onlyB > 0 || otherTokens === true;
