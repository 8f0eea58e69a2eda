/** Whether the next row is held out; asked once for each row, in order. */
export type Chooser = () => boolean;

/**
 * Holds out `share` of the rows (0 to 1), spread over the whole file: one row of each stretch of 1/share rows, at a place
 * that the seed decides, so that files with a period do not lose the same kind of row each time. The same seed and rows give
 * the same choice.
 */
export function heldOut(share: number, seed: number): Chooser {
  const stretch = 1 / share;
  let row = 0;
  let current = -1;
  let chosen = -1;
  return () => {
    const number = Math.floor(row / stretch + 1e-9);
    if (number !== current) {
      current = number;
      const begin = Math.ceil(number * stretch - 1e-9);
      const end = Math.max(begin + 1, Math.ceil((number + 1) * stretch - 1e-9));
      chosen = begin + Math.floor(random(seed, number) * (end - begin));
    }
    return row++ === chosen;
  };
}

/** A number in [0, 1) from two whole numbers (splitmix32). */
function random(seed: number, number: number): number {
  let x = (Math.imul(seed | 0, 0x9e3779b9) + Math.imul(number + 1, 0x85ebca6b)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
}
