// Encoding with offsets against Python tokenizers (Rust) on one thread, on text that neither has seen: paired, medians.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTokenizer } from '../src/node/loader.ts';
import { alpacaRows, median, peer, report, root, scratch, seconds, tokenizerFolder } from './common.ts';

const PAIRS = 5;
const { rows, source } = alpacaRows();
const texts = rows.map((row) => `${row.instruction}\n${row.input}\n${row.output}`);
const size = Math.floor(texts.length / PAIRS);
const { tokenizer } = await loadTokenizer('bundled:qwen3', join(root, 'dist/assets'));

const ratios: number[] = [];
const ours: number[] = [];
const theirs: number[] = [];
for (let pair = 0; pair < PAIRS; pair++) {
  const part = texts.slice(pair * size, (pair + 1) * size);
  const megabytes = part.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
  const path = join(scratch, 'texts.json');
  writeFileSync(path, JSON.stringify(part));
  const python = peer<{ seconds: number; tokens: number }>('encode', join(tokenizerFolder, 'tokenizer.json'), path);
  let tokens = 0;
  const mine = seconds(() => {
    for (const text of part) tokens += tokenizer.encode(text).ids.length;
  });
  if (tokens !== python.tokens) throw new Error(`not the same work: ${tokens} and ${python.tokens} tokens`);
  ratios.push(python.seconds / mine);
  ours.push(megabytes / mine);
  theirs.push(megabytes / python.seconds);
}
console.log(`encode with offsets: ${source}; median of ${PAIRS} pairs of ${size} fresh texts`);
const held = report('encode, MB/s', median(ours).toFixed(1), median(theirs).toFixed(1), median(ratios), 5);
console.log(`bench encode: ${held ? '1 passed, 0 failed' : '0 passed, 1 failed'}`);
