import { expect, it } from 'vitest';
import { matchesGlob } from './glob.ts';

it.each([
  ['data/a.jsonl', 'data/*.jsonl', true],
  ['data/a.jsonl', './data/*.jsonl', true],
  ['data/b/a.jsonl', 'data/*.jsonl', false],
  ['data/b/c/a.jsonl', 'data/**/*.jsonl', true],
  ['data/a.jsonl', 'data/**/*.jsonl', true],
  ['a/b/c', '**', true],
  ['a/b/c', 'a/**', true],
  ['a', 'a/**', true],
  ['b/a', 'a/**', false],
  ['deep/down/eval.jsonl', 'eval.jsonl', true],
  ['deep/down/eval.jsonl', '*.jsonl', true],
  ['deep/down/eval.jsonl', '/eval.jsonl', false],
  ['train.json', '*.{jsonl,json}', true],
  ['train.csv', '*.{jsonl,json}', false],
  ['x/train-1.jsonl', '{a,x/{train,eval}}-?.jsonl', true],
  ['part-07.jsonl', 'part-[0-9][!0-6].jsonl', true],
  ['part-05.jsonl', 'part-[0-9][!0-6].jsonl', false],
  ['a+b(c).jsonl', 'a+b(c).jsonl', true],
  ['aXb', 'a.b', false],
  ['x', '[', false],
  ['[', '[', true],
  ['../x.jsonl', '../*.jsonl', true],
  ['é😀', '??', true],
  ['', '*', true],
])('%s fits %s: %s', (path, pattern, fits) => {
  expect(matchesGlob(path, pattern)).toBe(fits);
});

it('does not stall', () => {
  const start = performance.now();
  expect(matchesGlob('a'.repeat(2000), `${'*a'.repeat(500)}b`)).toBe(false);
  expect(matchesGlob('x', '{a,b}'.repeat(40))).toBe(false);
  expect(matchesGlob(`${'a/'.repeat(500)}b`, `${'**/'.repeat(500)}c`)).toBe(false);
  expect(performance.now() - start).toBeLessThan(2000);
});
