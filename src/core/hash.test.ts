import { expect, it } from 'vitest';
import { hashTexts } from './hash.ts';

it('is the same for equal texts only', () => {
  const long = 'word '.repeat(3000);
  const lists = [
    [],
    [''],
    ['', ''],
    ['a'],
    ['b'],
    ['ab'],
    ['a', 'b'],
    ['é'],
    ['e\u0301'],
    ['\u00e9a'],
    ['😀'],
    ['\ud83d'],
    ['\ufffd'],
    [long],
    [`${long}é`],
    [`${long}x`],
  ];
  const hashes = lists.map(hashTexts);
  expect(new Set(hashes).size).toBe(lists.length);
  expect(lists.map(hashTexts)).toEqual(hashes);
  expect(hashes.every((hash) => /^[0-9a-f]{16}$/.test(hash))).toBe(true);
});
