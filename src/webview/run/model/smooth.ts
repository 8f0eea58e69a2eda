const known = new WeakMap<Float64Array, { readonly weight: number; readonly values: Float64Array }>();

/**
 * TensorBoard's smoothing: an exponential moving average without the pull toward zero at its begin. What is no finite
 * number stays what it is, and the average goes on after it.
 */
export function smoothed(values: Float64Array, weight: number): Float64Array {
  const before = known.get(values);
  if (before?.weight === weight) return before.values;
  const made = weight <= 0 ? values : average(values, weight);
  known.set(values, { weight, values: made });
  return made;
}

function average(values: Float64Array, weight: number): Float64Array {
  const made = new Float64Array(values.length);
  let last = 0;
  let rest = 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) {
      made[i] = value;
      continue;
    }
    last = last * weight + (1 - weight) * value;
    rest *= weight;
    made[i] = last / (1 - rest);
  }
  return made;
}
