import { expect, it } from 'vitest';
import { type PollSituation, pollDelay } from './poll-delay.ts';

const here: PollSituation = { state: 'running', remote: false, visible: true, more: false, failures: 0 };

it('looks often where a person looks, rarely where none does', () => {
  expect(pollDelay(here)).toBeLessThanOrEqual(500);
  expect(pollDelay({ ...here, remote: true })).toBeLessThanOrEqual(2000);
  expect(pollDelay({ ...here, remote: true, visible: false })).toBeGreaterThanOrEqual(15_000);
});

it('reads on at once while there is more', () => {
  expect(pollDelay({ ...here, state: 'succeeded', more: true })).toBe(0);
});

it('stops when the run is over', () => {
  for (const state of ['succeeded', 'failed', 'stopped', 'lost'] as const)
    expect(pollDelay({ ...here, state })).toBeNull();
});

it('waits twice as long after each failure, five minutes at most', () => {
  const delays = [1, 2, 3, 4, 10, 1000].map((failures) => pollDelay({ ...here, state: 'unknown', failures }));
  expect(delays).toEqual([5000, 10_000, 20_000, 40_000, 300_000, 300_000]);
});
