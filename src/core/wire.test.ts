import { expect, it } from 'vitest';
import { packArrays, unpackArrays } from './wire.ts';

it('brings typed arrays through JSON', () => {
  const message = {
    kind: 'event',
    body: {
      ids: Int32Array.of(151_644, -1, 0),
      turns: Int16Array.of(-1, 7),
      trained: new Uint8Array(20_000).fill(1),
      part: Int32Array.of(1, 2, 3, 4).subarray(1, 3),
      losses: Float64Array.of(0.25, Number.NaN, Number.POSITIVE_INFINITY),
      empty: new Uint8Array(0),
      list: [{ text: 'Über', none: null, yes: true, n: 1.5 }],
    },
  };
  const arrived = unpackArrays(JSON.parse(JSON.stringify(packArrays(message))));
  expect(arrived).toEqual({ ...message, body: { ...message.body, part: Int32Array.of(2, 3) } });
});

it('leaves what only looks packed', () => {
  for (const value of [
    { $array: 'Function', bytes: 'AA==' },
    { $array: 'Uint8Array', bytes: 1 },
    { $array: 'Uint8Array' },
  ])
    expect(unpackArrays(value)).toEqual(value);
});
