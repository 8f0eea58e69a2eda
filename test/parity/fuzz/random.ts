/** Deterministic: a failure names its seed. */
export function randomOf(seed: number): (below: number) => number {
  let state = Math.imul(seed + 1, 2654435761) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}
