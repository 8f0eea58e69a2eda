import type { TrainerConfig, TrainerFormat } from './trainer-config.ts';
import { type Config, given, has, optionsIn, size, text } from './values.ts';

const KEYS = [
  'tuner_type',
  'train_type',
  'loss_scale',
  'template_backend',
  'truncation_strategy',
  'agent_template',
  'model_type',
  'use_hf',
  'add_non_thinking_prefix',
];

const OPTIONS = ['template', 'agent_template', 'loss_scale', 'disable_ignore_empty_think', 'template_backend'];

/** `swift sft FILE.yaml`, or the args.json that it saves: keys of ms-swift 4.6. */
export const msSwift: TrainerFormat = {
  title: 'ms-swift',
  hint: 'ms-swift: model, dataset, tuner_type',
  detect: (config) => text(config, 'model') !== undefined && KEYS.some((key) => key in config),
  read,
};

function read(config: Config): TrainerConfig {
  const notes: string[] = [];
  const template = text(config, 'template');
  if (template !== undefined) notes.push(`ms-swift’s own template is \`${template}\`; the chat template is shown.`);
  for (const key of ['system', 'response_prefix', 'columns', 'model_author', 'model_name'])
    if (has(config, key)) notes.push(`\`${key}\` is not followed.`);
  if (config['add_non_thinking_prefix'] === false) notes.push('`add_non_thinking_prefix: false` is not followed.');
  const strategy = text(config, 'truncation_strategy') ?? 'delete';
  if (has(config, 'max_length') && strategy !== 'right')
    notes.push(
      strategy === 'delete'
        ? 'ms-swift drops rows longer than `max_length`, it does not cut them.'
        : `\`truncation_strategy: ${strategy}\` does not cut rows at their end, as is shown here.`,
    );
  const model = text(config, 'model');
  const revision = text(config, 'model_revision');
  return {
    title: msSwift.title,
    settings: {
      mask: { preset: 'ms-swift', ...optionsIn(config, OPTIONS) },
      ...given('tokenizer', model === undefined || revision === undefined ? model : `${model}@${revision}`),
      ...given('maxLength', size(config, 'max_length')),
    },
    notes,
  };
}
