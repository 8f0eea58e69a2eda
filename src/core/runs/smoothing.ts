/**
 * TensorBoard's smoothing: an exponential moving average without the pull to 0 at its begin. A value that is not finite passes
 * through and changes nothing after it. A line that is flat so far stays as it is.
 * Source: TensorBoard's vz_line_chart `smoothingTransform`; it judges flatness over the whole line, so that of a line that is
 * flat and then is not, the flat part may differ in its last digits.
 */
export interface Smoother {
  /** The next value, smoothed. */
  next(value: number): number;
}

/** TensorBoard's own. */
export const DEFAULT_SMOOTHING = 0.6;

/** `weight`: 0 (raw) to just below 1. */
export function smoother(weight: number): Smoother {
  let last = 0;
  let count = 0;
  let first = Number.NaN;
  let flat = true;
  return {
    next(value) {
      if (count === 0 && Number.isFinite(value)) first = value;
      if (!Number.isFinite(value)) return value;
      if (value !== first) flat = false;
      last = last * weight + (1 - weight) * value;
      count++;
      return flat ? value : last / (weight === 1 ? 1 : 1 - weight ** count);
    },
  };
}

/** All values, smoothed. */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  const { next } = smoother(weight);
  const result = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = next(values[i] as number);
  return result;
}
