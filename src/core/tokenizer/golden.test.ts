// Ids and offsets against what Python's tokenizers gave for our own tokenizers (test/parity/tokenizers/golden.py).
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { difference } from '../../../test/parity/tokenizers/compare.ts';
import { makeCorpus } from '../../../test/parity/tokenizers/corpus.ts';
import { createTokenizer } from './load.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const folder = join(root, 'test/fixtures/tokenizers');
const { written } = makeCorpus(root, 0);

describe('golden ids and offsets', () => {
  const [, ...sections] = readFileSync(join(folder, 'golden.txt'), 'utf8').split(/^# /m);
  it.each(sections.map((section) => section.trimEnd().split('\n')))('%s', (name, ...lines) => {
    const tokenizer = createTokenizer(name!, JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')));
    for (const line of lines) {
      const [number, ...tokens] = line.split(' ');
      const text = written[Number(number)]!.toWellFormed();
      const parts = tokens.filter((token) => token !== '').map((token) => token.split(/[:-]/).map(Number));
      const expected = { ids: parts.map(([id]) => id!), offsets: parts.flatMap(([, start, end]) => [start!, end!]) };
      const actual = tokenizer.encode(text, { addSpecialTokens: Number(number) % 5 === 0 });
      expect(difference(text, actual, expected)).toBeNull();
    }
  });
});
