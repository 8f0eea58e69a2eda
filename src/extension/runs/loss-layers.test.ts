import { expect, it } from 'vitest';
import { layersOf } from './loss-layers.ts';

it('lays losses over the tokens of a row; what was cut or never predicted has none', () => {
  const layers = layersOf({ base: [Number.NaN, 2, 1], tuned: [Number.NaN, 0.5, 1.5] }, 4);
  expect(layers.map(({ name }) => name)).toEqual(['tuned', 'base', 'difference']);
  expect([...(layers[2]?.values ?? [])]).toEqual([Number.NaN, -1.5, 0.5, Number.NaN]);
});

it('has one layer where the base model was not asked', () => {
  expect(layersOf({ base: null, tuned: [1, 2] }, 2)).toEqual([{ name: 'tuned', values: Float64Array.of(1, 2) }]);
});
