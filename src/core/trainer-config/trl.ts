import type { MaskObject } from '../config.ts';
import type { TrainerConfig, TrainerFormat } from './trainer-config.ts';
import { type Config, flag, given, has, optionsIn, size, text } from './values.ts';

const KEYS = [
  'assistant_only_loss',
  'completion_only_loss',
  'chat_template_path',
  'dataset_name',
  'dataset_text_field',
  'datasets',
  'max_length',
  'packing',
];

/** What `max_length` is where the file does not say (1.16). */
const MAX_LENGTH = 1024;

/** `trl sft --config FILE.yaml`: keys of TRL 1.16. */
export const trl: TrainerFormat = {
  title: 'TRL',
  hint: 'TRL: model_name_or_path, dataset_name, assistant_only_loss',
  detect: (config) => has(config, 'model_name_or_path') && KEYS.some((key) => key in config),
  read,
};

function read(config: Config): TrainerConfig {
  const notes: string[] = [];
  if (text(config, 'truncation_mode') === 'keep_end')
    notes.push('`truncation_mode: keep_end` cuts rows at their begin; here they are shown cut at their end.');
  if (flag(config, 'packing')) notes.push('With `packing`, `max_length` is the length of a pack of rows.');
  for (const key of ['eos_token', 'pad_token', 'dataset_kwargs'])
    if (has(config, key)) notes.push(`\`${key}\` is not followed.`);
  const template = text(config, 'chat_template_path');
  const isFile = template !== undefined && /\.(jinja|j2)$/.test(template);
  if (template !== undefined && !isFile)
    notes.push(`\`chat_template_path: ${template}\` is a tokenizer's. Name its template as \`chatTemplate\`.`);
  if (config['max_length'] === null) notes.push('`max_length` is null: TRL cuts no row.');
  return {
    title: trl.title,
    settings: {
      mask: maskOf(config),
      ...given('tokenizer', text(config, 'model_name_or_path')),
      ...given('chatTemplate', isFile ? template : undefined),
      ...given('maxLength', config['max_length'] === null ? undefined : (size(config, 'max_length') ?? MAX_LENGTH)),
    },
    notes,
  };
}

/** Without either, TRL goes by the rows: the completion where there is one, else everything. */
function maskOf(config: Config): MaskObject {
  const completionOnly = optionsIn(config, ['completion_only_loss']);
  if (flag(config, 'assistant_only_loss')) return { preset: 'trl-assistant', ...completionOnly };
  return completionOnly['completion_only_loss'] === true
    ? { preset: 'trl-completion' }
    : { preset: 'trl-default', ...completionOnly };
}
