// Mutated tokenizer files with random texts: each is a tokenizer or is refused with a sentence, in bounded time and memory.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeCorpus } from './tokenizers/corpus.ts';
import { fuzzTokenizers } from './tokenizers/fuzz.ts';
import { readTokenizer } from './tokenizers/real.ts';

const root = resolve(process.env['SFT_LENS_ROOT'] ?? process.cwd());
const folder = join(root, 'test/fixtures/tokenizers');
const COUNT = Number(process.env['SFT_LENS_FUZZ'] ?? 40_000);
const ROUND = 2000;
/** Milliseconds for one file with three texts, and bytes of heap after all. */
const MOST_TIME = 15_000;
const MOST_HEAP = 1_500_000_000;

const files = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && file !== 'texts.json')
  .map((file) => readTokenizer(join(folder, file)));
const { written, runs, random } = makeCorpus(root, 2000);
const texts = [...written, ...runs, ...random, 'a'.repeat(60), ' '.repeat(500), '\ud83d', ''];
let used = 0;
let refused = 0;
let slowest = 0;
for (let seed = 0; seed < COUNT / ROUND; seed++) {
  const result = fuzzTokenizers(files, texts, ROUND, seed);
  used += result.used;
  refused += result.refused;
  slowest = Math.max(slowest, result.slowest);
}
const heap = process.memoryUsage().heapUsed;
const failed = Number(slowest > MOST_TIME) + Number(heap > MOST_HEAP);
console.log(
  `${used} used, ${refused} refused; the slowest took ${Math.round(slowest)} ms; heap ${Math.round(heap / 1e6)} MB`,
);
console.log(`parity tokenizer-fuzz: ${used + refused - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
