/** Deterministic: a failure names its seed. */
export const randomOf = (seed: number): ((below: number) => number) => xorshift(Math.imul(seed + 1, 2654435761));

/** Marsaglia's xorshift of 32 bits: whole numbers below what is asked for. */
export function xorshift(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}
