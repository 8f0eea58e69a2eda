import { smooth } from '../../../core/runs/smoothing.ts';

const known = new WeakMap<Float64Array, { readonly weight: number; readonly values: Float64Array }>();

/** Values smoothed with a weight of the past; remembered, since each drawing asks. */
export function smoothed(values: Float64Array, weight: number): Float64Array {
  const before = known.get(values);
  if (before?.weight === weight) return before.values;
  const made = weight <= 0 ? values : smooth(values, weight);
  known.set(values, { weight, values: made });
  return made;
}
