import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { maskOfCase, readTokenizer, TOKENIZERS } from '../../../test/parity/mask-defects/cases.ts';
import { type GoldenCase, goldenCase } from '../../../test/parity/masks/cases.ts';
import { type DefectName, defectsOf } from './defects.ts';

const root = process.cwd();
type Golden = Readonly<Record<string, GoldenCase | { readonly error: string }>>;
const golden = JSON.parse(readFileSync(join(root, 'test/parity/mask-defects/golden.json'), 'utf8')) as Golden;

/** Answers of transformers 5.23.0; `npm run parity -- mask-defects` compares them with Python. */
describe('masks with their defects equal transformers’', () => {
  const seen = new Set<DefectName>();
  it.each(TOKENIZERS)('%s', (name) => {
    const tokenizer = readTokenizer(root, name);
    const expected = Object.entries(golden).filter(([key]) => key.startsWith(`${name} | `));
    const found = expected.map(([key]) => {
      const [, template = '', conversation = ''] = key.split(' | ');
      const { encoding, spans, mask } = maskOfCase(tokenizer, template, conversation);
      for (const defect of defectsOf(encoding, spans)) seen.add(defect.name);
      return [key, mask === null ? { error: 'OverflowError' } : goldenCase(encoding.ids, mask)];
    });
    expect(expected.length).toBeGreaterThan(50);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  });
  it('meets every defect that the places of the blocks do not decide', () => {
    expect([...seen].sort()).toEqual(['B1', 'B2', 'B3', 'B4', 'B5', 'B7']);
  });
});
