import { expect, it } from 'vitest';
import { withDefaults } from './defaults.ts';
import { differenceSentence, specDifferences } from './spec-diff.ts';

it('tells the values that differ, and only those', () => {
  const spec = withDefaults({
    model: 'm',
    data: { train: 't', eval: null },
    args: { model_init_kwargs: { dtype: 'x' } },
  });
  const other = {
    ...spec,
    nodes: 2,
    args: { ...spec.args, learning_rate: 1e-5, model_init_kwargs: { dtype: 'y' }, neftune_noise_alpha: 5 },
  };
  const { differences, values } = specDifferences([spec, other]);
  expect(differences).toEqual([
    { key: 'args.learning_rate', values: ['0.0002', '0.00001'] },
    { key: 'args.model_init_kwargs.dtype', values: ['x', 'y'] },
    { key: 'nodes', values: ['1', '2'] },
    { key: 'args.neftune_noise_alpha', values: ['—', '5'] },
  ]);
  expect(differenceSentence(differences.length, values)).toBe(`4 of ${values} values differ`);
  expect(differenceSentence(1, 3)).toBe('1 of 3 values differs');
  expect(specDifferences([spec, spec]).differences).toEqual([]);
  expect(differenceSentence(0, 31)).toBe('All 31 values are the same');
});
