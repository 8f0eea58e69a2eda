import { expect, it } from 'vitest';
import { sortedWindow } from './sorted-window.ts';
import { durationOf } from './time.ts';

const middle = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
};

it('knows the median and spread of the last values', () => {
  let random = 3;
  const all: number[] = [];
  const window = sortedWindow(11);
  expect(window.median()).toBeNaN();
  for (let i = 0; i < 300; i++) {
    random = (random * 48271) % 2147483647;
    const value = random % 20;
    all.push(value);
    window.push(value);
    const last = all.slice(-11);
    expect(window.length).toBe(last.length);
    expect(window.median()).toBe(middle(last));
    if (last.length % 2 === 1) expect(window.mad()).toBe(middle(last.map((x) => Math.abs(x - middle(last)))));
  }
});

it.each([
  [0, '0 s'],
  [20_000, '20 s'],
  [60_000, '1 minute'],
  [200_000, '3 minutes'],
  [26 * 60_000, '26 minutes'],
  [100 * 60_000, '1 h 40 min'],
  [120 * 60_000, '2 hours'],
  [51 * 3_600_000, '2 days 3 h'],
  [48 * 3_600_000, '2 days'],
])('%s ms are %s', (milliseconds, words) => expect(durationOf(milliseconds)).toBe(words));
