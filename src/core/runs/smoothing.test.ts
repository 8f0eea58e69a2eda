import { describe, expect, it } from 'vitest';
import { smooth, smoother } from './smoothing.ts';

/** The same written down from the formula: the weights of the values so far, each a power of `weight`, sum to 1. */
const byHand = (values: readonly number[], weight: number): number[] =>
  values.map((value, end) => {
    if (!Number.isFinite(value)) return value;
    const past = values.slice(0, end + 1).filter(Number.isFinite);
    const weights = past.map((_, i) => weight ** (past.length - 1 - i));
    const sum = weights.reduce((a, b) => a + b, 0);
    return past.reduce((total, x, i) => total + (x * (weights[i] ?? 0)) / sum, 0);
  });

describe('smooth', () => {
  it.each([0, 0.3, 0.6, 0.9, 0.99])('is a mean with falling weights at %s', (weight) => {
    const values = [5.98, 3, 4, Number.NaN, 2, Number.POSITIVE_INFINITY, 7, 0, -1];
    const got = smooth(values, weight);
    byHand(values, weight).forEach((wanted, i) => {
      if (Number.isFinite(wanted)) expect(got[i]).toBeCloseTo(wanted, 10);
      else expect(got[i]).toBe(wanted);
    });
  });

  it('begins at the first value and leaves a flat line exactly as it is', () => {
    expect(smooth([5, 1], 0.9)[0]).toBe(5);
    expect([...smooth([0.1, 0.1, 0.1], 0.7)]).toEqual([0.1, 0.1, 0.1]);
    expect([...smooth([Number.NaN, 3, 3], 0.7)]).toEqual([Number.NaN, 3, 3]);
    expect([...smooth([1, 2, 3], 0)]).toEqual([1, 2, 3]);
  });

  it('goes on where it was', () => {
    const values = Array.from({ length: 50 }, (_, i) => Math.sin(i));
    const { next } = smoother(0.6);
    expect(values.map(next)).toEqual([...smooth(values, 0.6)]);
  });
});
