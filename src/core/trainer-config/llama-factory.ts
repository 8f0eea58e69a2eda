import type { Surroundings, TrainerConfig, TrainerFormat } from './trainer-config.ts';
import { type Config, flag, given, has, isConfig, namesData, optionsIn, section, size, text } from './values.ts';

/** Templates of LLaMA-Factory 0.9.5 that print what a bundled chat template prints of plain turns. */
const TEMPLATES: Readonly<Record<string, string>> = {
  chatml: 'bundled:chatml',
  llama3: 'bundled:llama-3',
  gemma: 'bundled:gemma',
};

const OPTIONS = ['template', 'train_on_prompt', 'mask_history', 'enable_thinking', 'preserve_thinking'];

/** What `cutoff_len` is where the file does not say (0.9.5). */
const CUTOFF_LEN = 2048;

/** `llamafactory-cli train FILE.yaml`: keys of LLaMA-Factory 0.9.5. */
export const llamaFactory: TrainerFormat = {
  title: 'LLaMA-Factory',
  hint: 'LLaMA-Factory: model_name_or_path, stage, template',
  detect: (config) =>
    has(config, 'model_name_or_path') &&
    ['stage', 'template', 'finetuning_type', 'cutoff_len', 'dataset_dir'].some((key) => has(config, key)),
  read,
};

function read(config: Config, surroundings: Surroundings): TrainerConfig {
  const notes: string[] = [];
  const stage = text(config, 'stage') ?? 'sft';
  if (stage !== 'sft' && stage !== 'pt')
    notes.push(`\`stage: ${stage}\` is no supervised fine-tuning: its loss is another one.`);
  const template = text(config, 'template');
  if (template !== undefined)
    notes.push(`LLaMA-Factory’s own template is \`${template}\`; the chat template is shown.`);
  for (const key of ['default_system', 'tool_format']) if (has(config, key)) notes.push(`\`${key}\` is not followed.`);
  if (flag(config, 'packing') || flag(config, 'neat_packing'))
    notes.push('`packing` makes `cutoff_len` one token shorter.');

  const length = size(config, 'cutoff_len') ?? CUTOFF_LEN;
  const packs = flag(config, 'packing') || flag(config, 'neat_packing');
  // `enable_thinking:` with nothing behind it is a value of its own there
  const thinking = config['enable_thinking'] === null ? { enable_thinking: null } : {};
  return {
    title: llamaFactory.title,
    settings: {
      mask:
        stage === 'pt'
          ? { preset: 'full' }
          : {
              preset: 'llama-factory',
              ...optionsIn(config, OPTIONS),
              ...thinking,
              ...given('formatting', formattingOf(config, surroundings, notes)),
            },
      ...given('tokenizer', text(config, 'model_name_or_path')),
      ...given('chatTemplate', TEMPLATES[template ?? '']),
      maxLength: packs ? Math.max(1, length - 1) : length,
    },
    notes,
  };
}

/** How `dataset_info.json` says that the data is formatted; undefined where it does not tell. */
function formattingOf(config: Config, { dataPath, related }: Surroundings, notes: string[]): string | undefined {
  const folder = text(config, 'dataset_dir') ?? 'data';
  const info = [`${folder}/dataset_info.json`, `../${folder}/dataset_info.json`, 'dataset_info.json']
    .map(related)
    .find(isConfig);
  if (info === undefined) return undefined;
  const names = [config['dataset']].flat().flatMap((name) => (typeof name === 'string' ? name.split(',') : []));
  const entries = names.map((name) => section(info, name.trim()));
  const entry = entries.find((one) => namesData(one['file_name'], dataPath)) ?? entries[0] ?? {};
  if (has(entry, 'columns') || has(entry, 'tags'))
    notes.push('`columns` and `tags` of dataset_info.json are not followed: rows are read by their own shape.');
  const formatting = text(entry, 'formatting');
  return formatting === 'sharegpt' || formatting === 'openai' ? formatting : undefined;
}
