import { describe, expect, it } from 'vitest';
import { MASK_TOOLS } from '../mask/tools/registry.ts';
import { readTrainerConfig, type TrainerReading } from './read.ts';
import type { TrainerConfig } from './trainer-config.ts';

const reading = (text: string, dataPath: string | null = null, files: Record<string, unknown> = {}): TrainerReading =>
  readTrainerConfig(text, 'config.yml', { dataPath, related: (path) => files[path] ?? null });

function read(text: string, dataPath: string | null = null, files: Record<string, unknown> = {}): TrainerConfig {
  const { config, problem } = reading(text, dataPath, files);
  if (config === undefined) throw new Error(problem);
  // every key of the mask is an option of the preset
  const { preset, version, ...options } = config.settings.mask;
  const known = Object.keys(MASK_TOOLS[preset!].options);
  expect(Object.keys(options).filter((name) => !known.includes(name))).toEqual([]);
  expect(version).toBeUndefined();
  for (const note of config.notes) expect(note).toMatch(/\.$/);
  return config;
}

describe('axolotl', () => {
  const CONFIG = `
base_model: NousResearch/Meta-Llama-3-8B-Instruct
# a comment
load_in_8bit: true
chat_template: llama3
datasets:
  - path: fozziethebeat/alpaca_messages_2k_test
    type: chat_template
    field_messages: dialog
    message_property_mappings:
      role: role
      content: content
    roles:
      assistant: [gpt, model, assistant]
  - path: data/train.jsonl
    ds_type: json
    type: chat_template
    roles_to_train: ["assistant", "tool"]
    train_on_eos: all
    train_on_eot: last
    message_field_training: train
    message_field_training_detail: train_detail
eot_tokens: ["<|eot_id|>"]
train_on_inputs: false
sequence_len: 4096
excess_length_strategy: truncate
sample_packing: false
optimizer: paged_adamw_8bit
`;
  it('is read for the dataset that the data file is', () => {
    const { title, settings, notes } = read(CONFIG, '/home/me/data/train.jsonl');
    expect(title).toBe('axolotl');
    expect(settings).toEqual({
      mask: {
        preset: 'axolotl',
        eot_tokens: ['<|eot_id|>'],
        train_on_inputs: false,
        roles_to_train: ['assistant', 'tool'],
        train_on_eos: 'all',
        train_on_eot: 'last',
        message_field_training: 'train',
        message_field_training_detail: 'train_detail',
      },
      tokenizer: 'NousResearch/Meta-Llama-3-8B-Instruct',
      chatTemplate: 'bundled:llama-3',
      maxLength: 4096,
    });
    expect(notes).toEqual([]);
  });
  it('takes the first dataset where none is the data file', () => {
    const { settings, notes } = read(CONFIG, 'other.jsonl');
    expect(settings).toMatchObject({ format: 'columns', columns: { messages: 'dialog' } });
    expect(settings.mask).toEqual({ preset: 'axolotl', eot_tokens: ['<|eot_id|>'], train_on_inputs: false });
    expect(notes[0]).toBe('It has 2 datasets and none is this file: the options of the first are used.');
    expect(notes[1]).toContain('`roles` changes the messages');
  });
  it('keeps an empty list of roles, which is the legacy mask', () => {
    const { settings } = read('base_model: m\ndatasets: [{path: p, type: chat_template, roles_to_train: []}]');
    expect(settings.mask).toEqual({ preset: 'axolotl', roles_to_train: [] });
    expect(settings.maxLength).toBe(512);
  });
  it('knows templates by name, by file, and says which it does not', () => {
    const template = (more: string): [string | null | undefined, string] => {
      const { settings, notes } = read(`base_model: m\nexcess_length_strategy: raise\ndatasets: [{path: p}]\n${more}`);
      return [settings.chatTemplate, notes.join(' ')];
    };
    expect(template('chat_template: chatml')).toEqual(['bundled:chatml', '']);
    expect(template('chat_template: tokenizer_default')).toEqual([undefined, '']);
    expect(template('chat_template: tokenizer_default_fallback_chatml')).toEqual([undefined, '']);
    expect(template('chat_template_jinja: ./own.jinja')).toEqual(['./own.jinja', '']);
    expect(template('chat_template: jinja\nchat_template_jinja: "{{ messages }}"')[1]).toContain('Save it as a .jinja');
    expect(template('chat_template: qwen_25')[1]).toContain('`qwen_25` is not bundled');
  });
  it('says what it cannot follow', () => {
    expect(read('base_model: m\ndatasets: [{path: p, type: alpaca}]').notes[0]).toContain('`type: alpaca`');
    expect(
      read('base_model: m\nrl: dpo\ndatasets: [{path: p, type: chat_template.default}]').notes.join(' '),
    ).toContain('`rl: dpo`');
    expect(read('base_model: m\ndatasets: [{path: p, type: completion}]').settings.mask).toEqual({ preset: 'full' });
  });
});

describe('LLaMA-Factory', () => {
  const CONFIG = `
### model
model_name_or_path: Qwen/Qwen3-4B-Instruct-2507
trust_remote_code: true

### method
stage: sft
do_train: true
finetuning_type: lora
lora_rank: 8

### dataset
dataset: identity,mine
template: qwen3_nothink
cutoff_len: 4096
max_samples: 1000
mask_history: true
enable_thinking: false
`;
  it('is read with the formatting of dataset_info.json', () => {
    const info = {
      identity: { file_name: 'identity.json' },
      mine: { file_name: 'mine.jsonl', formatting: 'openai' },
    };
    const { title, settings } = read(CONFIG, '/x/data/mine.jsonl', { 'data/dataset_info.json': info });
    expect(title).toBe('LLaMA-Factory');
    expect(settings).toEqual({
      mask: {
        preset: 'llama-factory',
        template: 'qwen3_nothink',
        mask_history: true,
        enable_thinking: false,
        formatting: 'openai',
      },
      tokenizer: 'Qwen/Qwen3-4B-Instruct-2507',
      maxLength: 4096,
    });
    expect(read(CONFIG, 'identity.json', { '../data/dataset_info.json': info }).settings.mask).not.toHaveProperty(
      'formatting',
    );
  });
  it('has defaults of its own', () => {
    const { settings, notes } = read(
      'model_name_or_path: m\nstage: sft\nfinetuning_type: full\ntemplate: llama3\nenable_thinking: null\npacking: true',
    );
    expect(settings).toEqual({
      mask: { preset: 'llama-factory', template: 'llama3', enable_thinking: null },
      tokenizer: 'm',
      chatTemplate: 'bundled:llama-3',
      maxLength: 2047,
    });
    expect(notes.join(' ')).toContain('one token shorter');
    expect(read('model_name_or_path: m\nstage: dpo\ncutoff_len: 10').notes[0]).toContain('`stage: dpo`');
    expect(read('model_name_or_path: m\nstage: pt').settings.mask).toEqual({ preset: 'full' });
  });
});

describe('TRL', () => {
  const CONFIG = `
model_name_or_path: Qwen/Qwen3-0.6B
dataset_name: trl-lib/Capybara
learning_rate: 2.0e-5
max_length: 2048
`;
  it('is read', () => {
    expect(read(`${CONFIG}assistant_only_loss: true`)).toEqual({
      title: 'TRL',
      settings: { mask: { preset: 'trl-assistant' }, tokenizer: 'Qwen/Qwen3-0.6B', maxLength: 2048 },
      notes: [],
    });
    expect(read(CONFIG).settings.mask).toEqual({ preset: 'trl-default' });
    expect(read(`${CONFIG}completion_only_loss: true`).settings.mask).toEqual({ preset: 'trl-completion' });
    expect(read(`${CONFIG}completion_only_loss: false`).settings.mask).toEqual({
      preset: 'trl-default',
      completion_only_loss: false,
    });
    expect(read(`${CONFIG}completion_only_loss: false\nassistant_only_loss: yes`).settings.mask).toEqual({
      preset: 'trl-assistant',
      completion_only_loss: false,
    });
  });
  it('has a length of its own, and perhaps none', () => {
    expect(read('model_name_or_path: m\ndatasets: [{path: json}]').settings.maxLength).toBe(1024);
    const { settings, notes } = read('model_name_or_path: m\nmax_length: null');
    expect(settings).not.toHaveProperty('maxLength');
    expect(notes).toEqual(['`max_length` is null: TRL cuts no row.']);
  });
  it('names a template file', () => {
    expect(read(`${CONFIG}chat_template_path: t/own.jinja`).settings.chatTemplate).toBe('t/own.jinja');
    expect(read(`${CONFIG}chat_template_path: org/name`).notes[0]).toContain('`chat_template_path: org/name`');
    expect(read(`${CONFIG}packing: true\ntruncation_mode: keep_end\neos_token: "<|im_end|>"`).notes).toHaveLength(3);
  });
});

describe('ms-swift', () => {
  it('is read', () => {
    const { title, settings, notes } = read(`
model: Qwen/Qwen2.5-7B-Instruct
model_revision: main
tuner_type: lora
dataset: [AI-ModelScope/alpaca-gpt4-data-zh#500]
loss_scale: last_round+ignore_empty_think
max_length: 2048
truncation_strategy: right
`);
    expect(title).toBe('ms-swift');
    expect(settings).toEqual({
      mask: { preset: 'ms-swift', loss_scale: 'last_round+ignore_empty_think' },
      tokenizer: 'Qwen/Qwen2.5-7B-Instruct@main',
      maxLength: 2048,
    });
    expect(notes).toEqual([]);
  });
  it('is read from the arguments that it saves', () => {
    const { settings, notes } = read(
      JSON.stringify({
        model: 'm',
        model_type: 'qwen2',
        template: 'qwen2_5',
        loss_scale: 'default',
        max_length: 10,
        system: null,
      }),
    );
    expect(settings).toEqual({
      mask: { preset: 'ms-swift', template: 'qwen2_5', loss_scale: 'default' },
      tokenizer: 'm',
      maxLength: 10,
    });
    expect(notes).toHaveLength(2);
  });
});

describe('torchtune', () => {
  const CONFIG = (dataset: string): string => `
output_dir: /tmp/out
model:
  _component_: torchtune.models.llama3_1.lora_llama3_1_8b
tokenizer:
  _component_: torchtune.models.llama3.llama3_tokenizer
  path: /tmp/Meta-Llama-3.1-8B-Instruct/original/tokenizer.model
  max_seq_len: 8192
checkpointer:
  _component_: torchtune.training.FullModelHFCheckpointer
  checkpoint_dir: /tmp/Meta-Llama-3.1-8B-Instruct/
dataset:
${dataset}
`;
  it('is read', () => {
    const { title, settings, notes } = read(
      CONFIG('  _component_: torchtune.datasets.chat_dataset\n  source: json\n  train_on_input: true'),
    );
    expect(title).toBe('torchtune');
    expect(settings).toEqual({
      mask: { preset: 'torchtune', train_on_input: true },
      tokenizer: '/tmp/Meta-Llama-3.1-8B-Instruct/',
      maxLength: 8192,
    });
    expect(notes).toEqual([]);
  });
  it('knows that alpaca_dataset trains its prompts', () => {
    const { settings, notes } = read(CONFIG('  _component_: torchtune.datasets.alpaca_dataset'));
    expect(settings.mask).toEqual({ preset: 'torchtune', train_on_input: true });
    expect(notes[0]).toContain('`alpaca_dataset`');
    expect(read(CONFIG('  _component_: torchtune.datasets.text_completion_dataset')).settings.mask).toEqual({
      preset: 'full',
    });
  });
});

describe('NeMo Automodel', () => {
  it('is read', () => {
    const { title, settings, notes } = read(`
recipe: TrainFinetuneRecipeForNextTokenPrediction
model:
  _target_: nemo_automodel.NeMoAutoModelForCausalLM.from_pretrained
  pretrained_model_name_or_path: meta-llama/Llama-3.2-1B
dataset:
  _target_: nemo_automodel.components.datasets.llm.chat_dataset.ChatDataset
  path_or_dataset_id: data/train.jsonl
  seq_length: 2048
  truncation: true
  mask_reasoning_content: true
  mask_history: false
`);
    expect(title).toBe('NeMo Automodel');
    expect(settings).toEqual({
      mask: { preset: 'nemo-automodel', mask_reasoning_content: true, mask_history: false },
      tokenizer: 'meta-llama/Llama-3.2-1B',
      maxLength: 2048,
    });
    expect(notes).toEqual([]);
  });
});

describe('what is no config', () => {
  it('is a problem that says what would be one', () => {
    expect(reading('a: 1').problem).toMatch(
      /^config\.yml is the config of no trainer that is known\. axolotl: base_model/,
    );
    expect(reading('tokenizer: bundled:qwen3\nmask: axolotl').config).toBeUndefined();
  });
  it('never throws, whatever the values are', () => {
    const odd = ['null', '1', 'text', '[]', '[[1]]', '{}', '{a: {b: 1}}', 'true', '""'];
    const keys = [
      'datasets',
      'chat_template',
      'sequence_len',
      'stage',
      'dataset',
      'template',
      'max_length',
      'tokenizer',
      'model',
      'roles_to_train',
      'loss_scale',
      'chat_template_path',
      'checkpointer',
    ];
    for (const base of [
      'base_model: m\nsequence_len: 1',
      'model_name_or_path: m\nstage: sft',
      'model_name_or_path: m\npacking: 1',
      'model: m\nmodel_type: x',
      'dataset: {_component_: torchtune.x}',
      'model: {_target_: nemo_automodel.x}',
    ])
      for (const key of keys)
        for (const value of odd) expect(() => reading(`${base}\n${key}: ${value}`, 'd.jsonl')).not.toThrow();
  });
});
