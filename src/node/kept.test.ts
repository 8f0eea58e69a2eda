import { expect, it } from 'vitest';
import { keptOf } from './kept.ts';

const most = { engines: 3, tokenizers: 2 };
const kept = (...used: readonly (readonly [string, string])[]): readonly string[] => [...keptOf(used, most)].sort();

it('keeps what was used last', () => {
  expect(kept(['a', 't'], ['b', 't'], ['c', 't'], ['d', 't'])).toEqual(['b', 'c', 'd']);
  expect(kept(['a', 't'])).toEqual(['a']);
  expect(kept()).toEqual([]);
});

it('keeps few tokenizers, however few engines there are', () => {
  expect(kept(['a', 't'], ['b', 'u'], ['c', 'v'])).toEqual(['b', 'c']);
  expect(kept(['a', 't'], ['b', 'u'], ['c', 't'])).toEqual(['a', 'b', 'c']);
});
