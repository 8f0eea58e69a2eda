import { expect, it } from 'vitest';
import { targetOf } from './target-setting.ts';

it('fills in what a target leaves out', () => {
  expect(targetOf({ name: 'gpu-box', ssh: 'gpu' }, '/home/me')).toEqual({
    target: { name: 'gpu-box', ssh: 'gpu', workdir: '~/sft-lens', setup: [], python: null, slurm: null },
  });
});

it('resolves the home folder of a target on this computer only', () => {
  expect(targetOf({ name: 'here', workdir: '~/runs' }, '/home/me')).toMatchObject({
    target: { workdir: '/home/me/runs' },
  });
  expect(targetOf({ name: 'there', ssh: 'x', workdir: '~/runs' }, '/home/me')).toMatchObject({
    target: { workdir: '~/runs' },
  });
});

it('refuses what would be an option, a second line or another target', () => {
  for (const setting of [
    null,
    'gpu-box',
    { name: 'local' },
    { name: '-oProxyCommand=x' },
    { name: 'a b' },
    { name: 'box', ssh: '-oProxyCommand=x' },
    { name: 'box', ssh: 'a b' },
    { name: 'box', setup: ['a\nb'] },
    { name: 'box', setup: 'module load cuda' },
    { name: 'box', workdir: 'relative' },
    { name: 'box', python: 3 },
    { name: 'box', slurm: 'gpu' },
  ])
    expect(targetOf(setting, '/home/me'), JSON.stringify(setting)).toHaveProperty('problem');
});
