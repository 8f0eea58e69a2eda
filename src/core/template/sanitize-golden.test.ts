import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { goldenCase } from '../../../test/parity/masks/cases.ts';
import { CONVERSATIONS, engineOf, idsOf, PAIRS } from '../../../test/parity/sanitize/cases.ts';

const root = process.cwd();
type Golden = Readonly<Record<string, readonly [tokens: number, ids: string] | null>>;
const golden = JSON.parse(readFileSync(join(root, 'test/parity/sanitize/golden.json'), 'utf8')) as Golden;

/** Answers of transformers 5.23.0; `npm run parity -- sanitize` compares them with Python. */
describe('control tokens as ordinary text, as transformers’ sanitize_control_tokens has them', () => {
  it.each(PAIRS)('%s with %s', (...pair) => {
    const engine = engineOf(root, pair);
    const name = pair.join(' | ');
    const found = Object.entries(CONVERSATIONS).map(([key, row]) => {
      const ids = idsOf(engine, row);
      const { tokens, ids: hash } = goldenCase(ids ?? [], []);
      return [`${name} | ${key}`, ids === null ? null : [tokens, hash]];
    });
    const expected = Object.entries(golden).filter(([key]) => key.startsWith(`${name} | `));
    expect(expected.length).toBeGreaterThan(40);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  });
});
