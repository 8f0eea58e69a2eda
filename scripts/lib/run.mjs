// Small helpers around child processes and the terminal.
import { spawn, spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
export const cacheDir = join(root, '.cache');
export const resultsDir = join(root, 'test-results');

/** Ends the program with one sentence for the person at the terminal. */
export class Stop extends Error {}

/** The environment with some folders first in PATH and some variables set (undefined: removed). */
export function environment(changes = {}, firstInPath = []) {
  const env = { ...process.env, PATH: [...firstInPath, process.env.PATH].join(delimiter), ...changes };
  for (const [key, value] of Object.entries(env)) if (value === undefined) delete env[key];
  return env;
}

/** Runs a command to its end. `quiet` keeps its output instead of showing it; `tee` does both. */
export function run(command, args, { cwd = root, env = process.env, quiet = false, tee = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: quiet || tee ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
    let output = '';
    const keep = (stream) => (data) => {
      output += data;
      if (tee) stream.write(data);
    };
    child.stdout?.setEncoding('utf8').on('data', keep(process.stdout));
    child.stderr?.setEncoding('utf8').on('data', keep(process.stderr));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ ok: code === 0, code: code ?? signal, output }));
  });
}

/** Like `run`, but stops with a sentence when the command fails. */
export async function runOrStop(what, command, args, options = {}) {
  const result = await run(command, args, { quiet: true, ...options });
  if (!result.ok)
    throw new Stop(`${what} failed (${command} ${args.join(' ')}, exit ${result.code}).\n${result.output}`);
  return result.output;
}

export const onPath = (program) => spawnSync('which', [program], { stdio: 'ignore' }).status === 0;

/** Runs `main`; a `Stop` is printed without its stack. */
export async function mainProgram(main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Stop ? error.message : error);
    process.exitCode = 1;
  }
}

export const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
