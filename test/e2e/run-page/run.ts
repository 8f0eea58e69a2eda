import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../workbench.ts';

/** Runs parts of check.mjs and shows what it prints. */
export async function checkRunPage(
  ...parts: readonly ('behavior' | 'times' | 'axe')[]
): Promise<{ stdout: string; stderr: string; faults: string[] }> {
  const program = join(root, 'test/e2e/run-page/check.mjs');
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...parts]).catch(
    (failed: { stdout: string; stderr: string }) => failed,
  );
  console.log(stdout);
  return { stdout, stderr, faults: stdout.split('\n').filter((line) => line.startsWith('FAULT')) };
}
