import { ASSISTANT_TURNS, type MaskPolicy } from '../policy.ts';
import type { MaskTool, OptionSchema, ToolOptions } from './tool.ts';

const WHEN = ['turn', 'last', 'all', 'none'] as const;

const OPTIONS: Readonly<Record<string, OptionSchema>> = {
  roles_to_train: {
    description: 'Roles whose turns are trained.',
    type: 'array',
    items: { type: 'string' },
    default: ['assistant'],
  },
  train_on_eos: {
    description: 'Which end-of-sequence tokens behind turns are trained: those of trained turns, the last, all, none.',
    enum: [...WHEN, null],
    default: 'turn',
  },
  train_on_eot: {
    description: 'Which end-of-turn tokens are trained. As `train_on_eos` where it is not set.',
    enum: [...WHEN, null],
    default: null,
  },
  eot_tokens: {
    description: 'The end-of-turn tokens. The tokenizer’s `eos_token` where they are not set.',
    type: ['array', 'null'],
    items: { type: 'string' },
    default: null,
  },
  message_field_training: {
    description: 'The field of a message that tells whether it is trained.',
    type: ['string', 'null'],
    default: null,
  },
  message_field_training_detail: {
    description: 'The field of a message that tells which of its characters are trained.',
    type: ['string', 'null'],
    default: null,
  },
  train_on_inputs: { description: 'Train the turns of every role.', type: 'boolean', default: false },
};

/** axolotl's `type: chat_template`. 0.18 finds turns by their tokens, 0.19 by their characters. */
export const axolotl: MaskTool = {
  preset: 'axolotl',
  title: 'axolotl',
  summary: 'axolotl, type chat_template: assistant turns and their end',
  versions: ['0.18', '0.19'],
  options: OPTIONS,
  policy,
};

function policy(options: ToolOptions): MaskPolicy {
  const roles = Array.isArray(options['roles_to_train']) ? options['roles_to_train'].map(String) : [];
  const ends = [options['train_on_eos'], options['train_on_eot']];
  return {
    ...ASSISTANT_TURNS,
    roles:
      options['train_on_inputs'] === true ? [...new Set([...roles, 'system', 'user', 'assistant', 'tool'])] : roles,
    endOfTurn: ends.some((when) => when === 'turn' || when === 'all')
      ? 'every'
      : ends.includes('last')
        ? 'last'
        : 'none',
    thinking: 'mask-empty',
    messageFlags: options['message_field_training'] !== null,
    markers: 'ignore',
  };
}
