// Memory of an extension host's view of 100,000 rows (summaries, totals, duplicates) and of one worker with the default
// tokenizer loaded.
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { analyzeRow, summaryOf } from '../src/core/analysis.ts';
import { DEFAULT_SETTINGS } from '../src/core/config.ts';
import { DatasetIndex } from '../src/core/dataset.ts';
import { makeEngine } from '../src/core/engine.ts';
import { loadTokenizer } from '../src/node/loader.ts';
import { alpacaRows, root } from './common.ts';

// Garbage is not memory that is used.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const used = (): number => {
  collect();
  collect();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return (heapUsed + external + arrayBuffers) / 1e6;
};

const before = used();
const bundle = await loadTokenizer('bundled:qwen3', join(root, 'dist/assets'));
const engine = makeEngine(bundle, { name: 'qwen3', byKind: bundle.chatTemplates }, DEFAULT_SETTINGS);
const loaded = used();

const { rows } = alpacaRows();
const texts = rows.map((row) => JSON.stringify(row));
const start = used();
const index = new DatasetIndex(100_000, 'alpaca', DEFAULT_SETTINGS);
for (let i = 0; i < 100_000; i++)
  // A different text each time, or the second round would only find duplicates.
  index.set(
    i,
    summaryOf(
      analyzeRow(texts[i % texts.length]!.replace('{', `{"n":${i},`), engine, 'alpaca'),
      DEFAULT_SETTINGS.maxLength,
    ),
  );
const end = used();
const perRow = ((end - start) * 1e6) / 100_000;
console.log(`default tokenizer and template: ${(loaded - before).toFixed(0)} MB`);
console.log(
  `100,000 rows, summaries, index and warm token cache: ${(end - start).toFixed(0)} MB (${perRow.toFixed(0)} bytes a row)`,
);
console.log(`bench memory: ${perRow < 2000 ? '1 passed, 0 failed' : '0 passed, 1 failed'}`);
