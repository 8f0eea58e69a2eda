import { describe, expect, it } from 'vitest';
import { columnsFor, decimate, extremes, lowerBound, nearest, pyramid } from './decimate.ts';

/** A small generator with a seed, so that a failure can be seen again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
}

const plain = (values: Float64Array, from: number, to: number) => {
  const part = [...values.subarray(Math.max(0, from), Math.max(0, to))];
  const finite = part.filter(Number.isFinite);
  return {
    min: finite.length ? Math.min(...finite) : Number.NaN,
    max: finite.length ? Math.max(...finite) : Number.NaN,
    odd: finite.length < part.length,
  };
};

describe('extremes', () => {
  it('are those of the values, whatever the range', () => {
    const next = random(7);
    const values = Float64Array.from({ length: 5003 }, () => {
      const kind = next();
      return kind < 0.002 ? Number.NaN : kind < 0.003 ? Number.POSITIVE_INFINITY : next() * 10;
    });
    const line = pyramid(values);
    for (let round = 0; round < 3000; round++) {
      const a = Math.floor(next() * values.length);
      const b = Math.min(values.length, a + Math.floor(next() ** 4 * values.length));
      expect(extremes(line, a, b), `${a} to ${b}`).toEqual(plain(values, a, b));
    }
  });

  it('of nothing are not a number', () => {
    expect(extremes(pyramid(new Float64Array(0)), 0, 0)).toEqual({ min: Number.NaN, max: Number.NaN, odd: false });
    expect(extremes(pyramid(Float64Array.of(1, 2)), 1, 1)).toEqual({ min: Number.NaN, max: Number.NaN, odd: false });
  });

  it('tell of a single value that is none, anywhere among many', () => {
    const values = new Float64Array(100_000).fill(1);
    values[77_777] = Number.NaN;
    const line = pyramid(values);
    expect(extremes(line, 0, values.length)).toEqual({ min: 1, max: 1, odd: true });
    expect(extremes(line, 0, 77_777).odd).toBe(false);
    expect(extremes(line, 77_778, values.length).odd).toBe(false);
  });
});

describe('lowerBound and nearest', () => {
  const xs = Float64Array.of(1, 2, 2, 5);
  it('find places among rising values', () => {
    expect([0, 1, 2, 3, 5, 6].map((x) => lowerBound(xs, x))).toEqual([0, 0, 1, 3, 3, 4]);
    expect([0, 1.4, 3, 3.6, 9].map((x) => nearest(xs, x))).toEqual([0, 0, 2, 3, 3]);
    expect(nearest(new Float64Array(0), 3)).toBe(-1);
  });
});

describe('decimate', () => {
  it('loses no point and no extreme', () => {
    const next = random(3);
    let x = 0;
    const xs = Float64Array.from({ length: 20_000 }, () => (x += next()));
    const values = xs.map(() => next() * next());
    values[12_345] = 9;
    const columns = decimate(xs, pyramid(values), xs[100] as number, xs[15_000] as number, columnsFor(640));
    expect(columns.from[0]).toBe(100);
    expect(columns.from[640]).toBe(15_001);
    for (let c = 0; c < 640; c++) {
      const [a, b] = [columns.from[c] as number, columns.from[c + 1] as number];
      expect(b).toBeGreaterThanOrEqual(a);
      expect({ min: columns.min[c], max: columns.max[c], odd: columns.odd[c] === 1 }).toEqual(plain(values, a, b));
    }
    expect(Math.max(...columns.max)).toBe(9);
  });
});
