import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeCorpus } from '../../../test/parity/tokenizers/corpus.ts';
import { fuzzTokenizers } from '../../../test/parity/tokenizers/fuzz.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const folder = join(root, 'test/fixtures/tokenizers');
const files = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && file !== 'texts.json')
  .map((file): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8')));
const { written, random } = makeCorpus(root, 200);
const texts = [...written, ...random, 'a'.repeat(60), 'a'.repeat(3000), ' '.repeat(500), '\ud83d', ''];

describe('mutated tokenizer files', () => {
  it('are tokenizers or refused with a sentence', { timeout: 120_000 }, () => {
    const { used, refused } = fuzzTokenizers(files, texts, 2000, 7);
    expect(used).toBeGreaterThan(200);
    expect(refused).toBeGreaterThan(200);
  });
});
