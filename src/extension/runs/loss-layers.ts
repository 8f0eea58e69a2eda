import type { LossLayer } from '../../core/protocol.ts';

/** Losses of a row's tokens from its first on; NaN where none is known. Base: null where it was not asked. */
export interface RowLosses {
  readonly base: readonly number[] | null;
  readonly tuned: readonly number[];
}

/** The layers for a row of so many tokens, of which the run may have seen only the first. */
export function layersOf({ base, tuned }: RowLosses, tokens: number): readonly LossLayer[] {
  const values = (losses: readonly number[]): Float64Array => {
    const padded = new Float64Array(tokens).fill(Number.NaN);
    padded.set(losses.slice(0, tokens));
    return padded;
  };
  const own: LossLayer = { name: 'tuned', values: values(tuned) };
  if (base === null) return [own];
  const difference = tuned.map((loss, at) => loss - (base[at] ?? Number.NaN));
  return [own, { name: 'base', values: values(base) }, { name: 'difference', values: values(difference) }];
}
