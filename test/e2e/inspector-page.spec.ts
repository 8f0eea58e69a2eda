// The built inspector page by itself: what it draws in each state, keys, axe in four themes, nothing in the console under
// its content security policy, and how long drawing takes.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from './workbench.ts';

/** What else the machine does only adds to a time: one of so many runs must keep the budgets. */
const RUNS = 3;

async function check(...options: readonly string[]): Promise<{ stdout: string; stderr: string; faults: string[] }> {
  const program = join(root, 'test/e2e/inspector-page/check.mjs');
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...options]).catch(
    (failed: { stdout: string; stderr: string }) => failed,
  );
  console.log(stdout);
  return { stdout, stderr, faults: stdout.split('\n').filter((line) => line.startsWith('FAULT')) };
}

it('draws every state, in time, and axe finds nothing', { timeout: 600_000 }, async () => {
  const { stdout, stderr, faults } = await check();
  expect(stderr).toBe('');
  expect(stdout).toMatch(/axe: \d+ runs, 0 violations/);
  const late = (fault: string): boolean => / budget \d/.test(fault);
  expect(faults.filter((fault) => !late(fault))).toEqual([]);
  let open = faults.filter(late);
  for (let run = 1; run < RUNS && open.length > 0; run++) open = (await check('--no-axe')).faults;
  expect(open).toEqual([]);
});
