import { expect, it } from 'vitest';
import { maskTitle } from './title.ts';

it('says a mask in words', () => {
  expect(maskTitle('openai')).toBe('OpenAI');
  expect(maskTitle('axolotl')).toBe('axolotl 0.19');
  expect(
    maskTitle({ preset: 'axolotl', version: '0.18', roles_to_train: ['assistant', 'tool'], train_on_eos: 'all' }),
  ).toBe('axolotl 0.18, roles_to_train assistant tool, train_on_eos all');
  expect(maskTitle({ turns: 'last' })).toBe('own policy, turns last');
  expect(maskTitle({ preset: 'axolotl', header: true })).toBe('axolotl 0.19, header true');
});
