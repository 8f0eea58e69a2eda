// axolotl's `type: chat_template` under each of its options.
import type { MaskObject } from '../../src/core/config.ts';
import type { Place, Run, Trainer } from './trainers.ts';

const OPTIONS: Readonly<Record<string, Partial<MaskObject>>> = {
  default: {},
  'eos last': { train_on_eos: 'last' },
  'eos all': { train_on_eos: 'all' },
  'eos none': { train_on_eos: 'none' },
  'eot all': { train_on_eot: 'all' },
  'eot last, eos none': { train_on_eot: 'last', train_on_eos: 'none' },
  eot_tokens: { eot_tokens: ['<|im_end|>', '<|eot_id|>', '<end_of_turn>', '<|end|>'] },
  'eot_tokens, eot none': { eot_tokens: ['<|im_end|>', '<|end|>'], train_on_eot: 'none' },
  'all roles': { roles_to_train: ['system', 'human', 'gpt', 'tool'] },
  'users, eos all': { roles_to_train: ['user'], train_on_eos: 'all' },
  inputs: { train_on_inputs: true },
  weight: { message_field_training: 'weight' },
  'train, no roles': { message_field_training: 'train', roles_to_train: [] },
  detail: { message_field_training_detail: 'train_detail' },
  legacy: { roles_to_train: [], train_on_eos: null },
};

/** The options are tried on the own families, some on templates of models, too. */
const OWN = ['qwen3', 'chatml', 'gemma', 'llama-2', 'llama-3', 'mistral', 'phi', 'zephyr'];
const EVERYWHERE = ['default', 'inputs'];

const runs = (version: string): Run[] =>
  Object.entries(OPTIONS).map(([name, options]) => ({
    name,
    mask: { preset: 'axolotl', version, ...options },
    ...(EVERYWHERE.includes(name) ? {} : { families: OWN }),
  }));

const known = ({ family, row }: Place): string | null =>
  family === 'google-gemma-4-31B-it' && row.includes('call')
    ? 'axolotl removes keys that it does not find named in the template, which raises without them'
    : null;

export const AXOLOTL: readonly Trainer[] = ['0.18', '0.19'].map((version) => ({
  name: `axolotl-${version}`,
  program: 'run_axolotl.py',
  transformers: '5.18',
  // parts of a content are joined, arguments parsed, keys without a value removed
  changes: true,
  runs: runs(version),
  known,
  foreign: ['chat_templates/models'],
}));
