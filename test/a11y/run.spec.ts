// The run dashboard for people who see little, use the keyboard alone, or listen: axe in every state and theme, and no
// scrolling sideways at 520 px. Keys and what is spoken are checked with the page's behavior.
import { expect, it } from 'vitest';
import { checkRunPage } from '../e2e/run-page/run.ts';

it('axe finds nothing in any state and theme', { timeout: 600_000 }, async () => {
  const { stdout, stderr, faults } = await checkRunPage('axe');
  expect(stderr).toBe('');
  expect(stdout).toMatch(/axe: \d+ runs, 0 violations/);
  expect(faults).toEqual([]);
});
