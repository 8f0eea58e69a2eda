import { describe, expect, it } from 'vitest';
import { heldOut } from './held-out.ts';

const choice = (rows: number, share: number, seed: number): number[] => {
  const choose = heldOut(share, seed);
  return Array.from({ length: rows }, (_, i) => i).filter(() => choose());
};

describe('heldOut', () => {
  it.each([
    [1000, 0.05, 50],
    [1000, 0.1, 100],
    [999, 1 / 3, 333],
    [1000, 0.37, 370],
    [100, 0.5, 50],
  ])('of %i rows at a share of %f takes %i', (rows, share, expected) => {
    expect(Math.abs(choice(rows, share, 1).length - expected)).toBeLessThanOrEqual(1);
  });

  it('takes the same rows for the same seed and others for another', () => {
    expect(choice(500, 0.1, 7)).toEqual(choice(500, 0.1, 7));
    expect(choice(500, 0.1, 7)).not.toEqual(choice(500, 0.1, 8));
  });

  it('takes from each stretch of the file, at changing places', () => {
    const rows = choice(1000, 0.1, 3);
    expect(rows.map((row) => Math.floor(row / 10))).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(new Set(rows.map((row) => row % 10)).size).toBe(10);
  });

  it('leaves the choice of a row to the ones after it: a longer file changes nothing in front', () => {
    expect(choice(1000, 0.1, 3).slice(0, 50)).toEqual(choice(500, 0.1, 3));
  });
});
