import type { TrainerConfig, TrainerFormat } from './trainer-config.ts';
import { type Config, given, has, optionsIn, section, size, text } from './values.ts';

const TARGET = '_target_';
const OPTIONS = ['mask_generation_prompt', 'mask_reasoning_content', 'mask_history'];

/** `automodel FILE.yaml`: keys of NeMo Automodel 0.7. */
export const nemoAutomodel: TrainerFormat = {
  title: 'NeMo Automodel',
  hint: 'NeMo Automodel: model._target_, dataset._target_',
  detect: (config) =>
    ['model', 'dataset'].some((key) => text(section(config, key), TARGET)?.includes('nemo_automodel.')),
  read,
};

function read(config: Config): TrainerConfig {
  const notes: string[] = [];
  const dataset = section(config, 'dataset');
  const target = text(dataset, TARGET)
    ?.split('.')
    .at(-1)
    ?.replace(/Config$/, '');
  if (target !== undefined && target !== 'ChatDataset')
    notes.push(`\`${target}\` is another dataset. The mask shown is that of \`ChatDataset\`.`);
  const template = text(dataset, 'chat_template');
  const isFile = template !== undefined && /\.(jinja2?|j2)$/.test(template);
  if (template !== undefined && !isFile)
    notes.push('`chat_template` is no .jinja file. Save it as one and name it as `chatTemplate`.');
  if (has(dataset, 'seq_length') && [undefined, 'do_not_truncate', false].includes(dataset['truncation'] as undefined))
    notes.push('Without `truncation`, `seq_length` cuts no row.');
  return {
    title: nemoAutomodel.title,
    settings: {
      mask: { preset: 'nemo-automodel', ...optionsIn(dataset, OPTIONS) },
      ...given(
        'tokenizer',
        text(section(dataset, 'tokenizer'), 'pretrained_model_name_or_path') ??
          text(section(config, 'model'), 'pretrained_model_name_or_path'),
      ),
      ...given('chatTemplate', isFile ? template : undefined),
      ...given('maxLength', size(dataset, 'seq_length')),
    },
    notes,
  };
}
