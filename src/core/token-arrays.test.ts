import { expect, it } from 'vitest';
import { int16Tokens, int32Tokens, uint8Tokens } from './token-arrays.ts';

it('gives zeroed arrays of the wanted length, of which none overlaps another', () => {
  const counts = Array.from({ length: 600 }, (_, i) => (i * 37) % 1500);
  const arrays = counts.flatMap((count) => [int32Tokens(count), int16Tokens(count), uint8Tokens(count)]);
  expect(arrays.map(({ length }) => length)).toEqual(counts.flatMap((count) => [count, count, count]));
  for (const [i, array] of arrays.entries()) {
    // Whatever was written to the others before does not show here.
    expect(array.every((value) => value === 0)).toBe(true);
    array.fill((i % 100) + 1);
  }
  for (const [i, array] of arrays.entries()) expect(array.every((value) => value === (i % 100) + 1)).toBe(true);
});

it('gives long arrays memory of their own', () => {
  const array = int32Tokens(100_000);
  expect([array.byteOffset, array.buffer.byteLength]).toEqual([0, 400_000]);
});
