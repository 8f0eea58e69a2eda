// The built inspector page by itself: what it draws in each state, keys, axe in four themes, nothing in the console under
// its content security policy, and how long drawing takes.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from './workbench.ts';

it('draws every state, in time, and axe finds nothing', { timeout: 400_000 }, async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    join(root, 'test/e2e/inspector-page/check.mjs'),
  ]).catch((failed: { stdout: string; stderr: string }) => failed);
  console.log(stdout);
  expect(stdout.split('\n').filter((line) => line.startsWith('FAULT'))).toEqual([]);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/axe: \d+ runs, 0 violations/);
});
