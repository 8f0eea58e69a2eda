import type { Surroundings, TrainerConfig, TrainerFormat } from './trainer-config.ts';
import { type Config, given, has, isConfig, namesData, optionsIn, section, size, text } from './values.ts';

const COMPONENT = '_component_';
const OPTIONS = ['train_on_input'];

/** Datasets that train the prompt unless they are told not to. */
const ON_INPUT = ['alpaca_dataset', 'alpaca_cleaned_dataset'];

/** `tune run RECIPE --config FILE.yaml`: keys of torchtune 0.6.1. */
export const torchtune: TrainerFormat = {
  title: 'torchtune',
  hint: 'torchtune: tokenizer._component_, dataset._component_',
  detect: (config) =>
    ['tokenizer', 'dataset', 'model'].some((key) => text(section(config, key), COMPONENT)?.startsWith('torchtune.')),
  read,
};

function read(config: Config, { dataPath }: Surroundings): TrainerConfig {
  const notes: string[] = [];
  const datasets = [config['dataset']].flat().filter(isConfig);
  const dataset =
    datasets.find((one) => namesData([one['data_files'], one['source']].flat(), dataPath)) ?? datasets[0] ?? {};
  const component = text(dataset, COMPONENT)?.split('.').at(-1);
  if (component !== undefined && component !== 'chat_dataset' && component !== 'text_completion_dataset')
    notes.push(`\`${component}\` makes rows of its own. The mask shown is that of \`chat_dataset\`.`);
  const tokenizer = section(config, 'tokenizer');
  if (has(tokenizer, 'prompt_template')) notes.push('`prompt_template` is not followed.');
  if (has(dataset, 'new_system_prompt')) notes.push('`new_system_prompt` is not followed.');
  const onInput = ON_INPUT.includes(component ?? '') && !has(dataset, 'train_on_input') ? { train_on_input: true } : {};
  const folder = text(section(config, 'checkpointer'), 'checkpoint_dir');
  return {
    title: torchtune.title,
    settings: {
      mask:
        component === 'text_completion_dataset'
          ? { preset: 'full' }
          : { preset: 'torchtune', ...onInput, ...optionsIn(dataset, OPTIONS) },
      ...given('tokenizer', folder?.includes('${') ? undefined : folder),
      ...given('maxLength', size(tokenizer, 'max_seq_len')),
    },
    notes,
  };
}
