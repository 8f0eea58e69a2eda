import type { Surroundings, TrainerConfig, TrainerFormat } from './trainer-config.ts';
import { type Config, given, has, namesData, optionsIn, section, sections, size, text } from './values.ts';

/** axolotl's chat templates that print what a bundled one prints (compared with those of 0.19). */
const TEMPLATES: Readonly<Record<string, string | null>> = {
  chatml: 'bundled:chatml',
  llama3: 'bundled:llama-3',
  gemma: 'bundled:gemma',
  tokenizer_default: null,
};
const FALLBACK = 'tokenizer_default_fallback_';

const DATASET_OPTIONS = [
  'roles_to_train',
  'train_on_eos',
  'train_on_eot',
  'message_field_training',
  'message_field_training_detail',
];
const OPTIONS = ['eot_tokens', 'train_on_inputs'];

/** What `sequence_len` is where the file does not say (0.19). */
const SEQUENCE_LEN = 512;

/** `axolotl train FILE.yml`: keys of axolotl 0.18 and 0.19. */
export const axolotl: TrainerFormat = {
  title: 'axolotl',
  hint: 'axolotl: base_model, datasets',
  detect: (config) => has(config, 'base_model') && (has(config, 'datasets') || has(config, 'sequence_len')),
  read,
};

function read(config: Config, { dataPath }: Surroundings): TrainerConfig {
  const notes: string[] = [];
  const all = sections(config, 'datasets');
  const named = all.find((one) => namesData([one['path'], one['data_files']].flat(), dataPath));
  const dataset = named ?? all[0] ?? {};
  if (named === undefined && all.length > 1)
    notes.push(`It has ${all.length} datasets and none is this file: the options of the first are used.`);

  const type = dataset['type'];
  const isChat = type === undefined || type === null || type === 'chat_template';
  if (type === 'completion') notes.push('`type: completion` trains every token.');
  else if (!isChat)
    notes.push(
      `\`type: ${typeof type === 'string' ? type : '{...}'}\` writes prompts of its own. The mask shown is that of \`type: chat_template\`.`,
    );
  if (has(config, 'rl'))
    notes.push(`\`rl: ${String(config['rl'])}\` is no supervised fine-tuning: its loss is another one.`);
  for (const key of ['roles', 'drop_system_message', 'split_thinking', 'field_thinking', 'template_thinking_key'])
    if (has(dataset, key)) notes.push(`\`${key}\` changes the messages before they are rendered and is not followed.`);
  if (has(config, 'default_system_message')) notes.push('`default_system_message` is not followed.');
  if (!has(config, 'excess_length_strategy') || config['excess_length_strategy'] === 'drop')
    notes.push('axolotl drops rows longer than `sequence_len`, it does not cut them.');

  const messages = text(dataset, 'field_messages');
  const tools = text(dataset, 'field_tools');
  const columns = {
    ...(messages !== undefined && !['messages', 'conversations'].includes(messages) && { messages }),
    ...(messages !== undefined && tools !== undefined && tools !== 'tools' && { tools }),
  };
  const args = section(config, 'chat_template_kwargs');
  return {
    title: axolotl.title,
    settings: {
      mask:
        type === 'completion'
          ? { preset: 'full' }
          : { preset: 'axolotl', ...optionsIn(config, OPTIONS), ...optionsIn(dataset, DATASET_OPTIONS) },
      ...given('tokenizer', text(config, 'tokenizer_config') ?? text(config, 'base_model')),
      ...given('chatTemplate', templateOf(has(dataset, 'chat_template') ? dataset : config, notes)),
      maxLength: size(config, 'sequence_len') ?? SEQUENCE_LEN,
      ...(Object.keys(args).length > 0 && { templateArgs: args }),
      ...(messages !== undefined &&
        Object.keys(columns).length > 0 && { format: 'columns', columns: { messages, ...columns } }),
    },
    notes,
  };
}

/** Undefined: the tokenizer's own. */
function templateOf(config: Config, notes: string[]): string | undefined {
  const jinja = text(config, 'chat_template_jinja');
  const name = text(config, 'chat_template') ?? (jinja === undefined ? 'tokenizer_default' : 'jinja');
  if (name === 'jinja' && jinja !== undefined) {
    if (/\.(jinja2?|j2)$/.test(jinja)) return jinja;
    notes.push(
      'Its chat template is written in the file itself. Save it as a .jinja file and name that as `chatTemplate`.',
    );
    return undefined;
  }
  const known = TEMPLATES[name];
  if (known !== undefined) return known ?? undefined;
  if (name.startsWith(FALLBACK)) return undefined;
  notes.push(
    `axolotl's own chat template \`${name}\` is not bundled: the tokenizer's is shown. Name a .jinja file as \`chatTemplate\`.`,
  );
  return undefined;
}
