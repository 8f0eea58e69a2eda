import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../e2e/workbench.ts';

it('npm start opens the samples with the extension active', () => {
  const output = execFileSync(process.execPath, [join(root, 'scripts/start.mjs'), '--built', '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(output).toMatch(/http:\/\/127\.0\.0\.1:\d+\/\?folder=.*samples/);
  expect(output).toContain('the extension is active');
});
