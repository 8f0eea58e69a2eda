// The command line as a person or a CI job runs it: the built program, in a folder of the test.
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');
export const program = join(root, 'dist/cli.mjs');

/** A new folder to run it in. Throws where the program is not built. */
export function cliFolder(): string {
  if (!existsSync(program)) throw new Error('dist/cli.mjs is missing: run npm run build');
  return mkdtempSync(join(tmpdir(), 'sft-lens-'));
}

/** Runs it to its end. */
export const runCli = (folder: string, args: readonly string[], input?: string): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    cwd: folder,
    maxBuffer: 1 << 28,
    ...(input === undefined ? {} : { input }),
  });

/** The JSON of each line that it printed. */
export const jsonLines = <T>(text: string): T[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
