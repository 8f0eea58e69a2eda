import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createTokenizer } from './load.ts';

const fixtures = join(dirname(fileURLToPath(import.meta.url)), '../../../test/fixtures/tokenizers');
const load = (name: string) => createTokenizer(name, JSON.parse(readFileSync(join(fixtures, `${name}.json`), 'utf8')));

const TEXTS = [
  "I'll go  there,\n\n 2024 words  ",
  'Zwölf Boxkämpfer; e\u0301tude 😀 ',
  'a'.repeat(300),
  `${'word '.repeat(3000)}end`,
];

const overlap = (a: Int32Array, b: Int32Array): boolean =>
  a.buffer === b.buffer && a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength;

describe.each(['bytes-qwen', 'bytes-gpt2', 'bytes-nfkc'])('%s', (name) => {
  it('gives the same again from memory, in arrays of their own', () => {
    const tokenizer = load(name);
    const first = TEXTS.map((text) => tokenizer.encode(text));
    const copies = first.map(({ ids, starts, ends }) => ({ ids: [...ids], starts: [...starts], ends: [...ends] }));
    const again = TEXTS.map((text) => tokenizer.encode(text));
    for (const list of [first, again])
      expect(list.map(({ ids, starts, ends }) => ({ ids: [...ids], starts: [...starts], ends: [...ends] }))).toEqual(
        copies,
      );
    const arrays = [...first, ...again].flatMap(({ ids, starts, ends }) => [ids, starts, ends]);
    const sharing = arrays.filter((a, i) => arrays.slice(0, i).some((b) => overlap(a, b)));
    expect(sharing).toEqual([]);
  });

  it('gives a text the same tokens whatever was encoded before', () => {
    const tokenizer = load(name);
    const together = TEXTS.map((text) => tokenizer.encode(text));
    TEXTS.forEach((text, i) => {
      expect(load(name).encode(text)).toEqual(together[i]);
    });
  });
});
