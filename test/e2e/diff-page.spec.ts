// The Diff view of the built inspector page by itself: words, keys, what the host is asked, axe in four themes at two widths,
// nothing in the console under its content security policy, and how long drawing takes.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from './workbench.ts';

it('compares two masks, in time, and axe finds nothing', { timeout: 300_000 }, async () => {
  const program = join(root, 'test/e2e/inspector-page/diff.mjs');
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program]).catch(
    (failed: { stdout: string; stderr: string }) => failed,
  );
  console.log(stdout);
  expect(stderr).toBe('');
  expect(stdout.split('\n').filter((line) => line.startsWith('FAULT'))).toEqual([]);
  expect(stdout).toMatch(/axe: \d+ runs, 0 violations/);
});
