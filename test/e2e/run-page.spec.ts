// The built run dashboard by itself: what it draws in each state, keys and pointer, nothing in the console under its
// content security policy, and how long a frame takes while a million points are moved.
import { expect, it } from 'vitest';
import { checkRunPage } from './run-page/run.ts';

/** What else the machine does only adds to a time: one of so many runs must keep the budgets. */
const RUNS = 3;

it('draws every state and answers keys and pointer', { timeout: 300_000 }, async () => {
  const { stdout, stderr, faults } = await checkRunPage('behavior');
  expect(stderr).toBe('');
  expect(stdout).toContain('behavior: ok');
  expect(faults).toEqual([]);
});

it('moves a million points in each plot within a frame', { timeout: 300_000 }, async () => {
  let faults: readonly string[] = ['not run'];
  for (let run = 0; run < RUNS && faults.length > 0; run++) ({ faults } = await checkRunPage('times'));
  expect(faults).toEqual([]);
});
