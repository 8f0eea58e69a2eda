// Trainers that write the text by templates of their own. Each is asked about chat templates that print the same text: the
// bundled ones and Qwen3's where they do, and otherwise those of the folder `templates`.
import type { MaskObject } from '../../src/core/config.ts';
import type { Run, Trainer } from './trainers.ts';

type Options = Readonly<Record<string, string | boolean | null>>;

/** A run for each template of the trainer's under each of the options. */
function runsOf(
  preset: MaskObject['preset'],
  key: string,
  pairs: readonly (readonly [template: string | null, families: readonly string[]])[],
  options: Readonly<Record<string, Options>>,
): Run[] {
  return pairs.flatMap(([template, families]) =>
    Object.entries(options).map(([name, given]) => ({
      name: `${template ?? 'read off'}: ${name}`,
      mask: { preset, ...(template === null ? {} : { [key]: template }), ...given } as MaskObject,
      families,
    })),
  );
}

const LLAMA_FACTORY: Trainer = {
  name: 'llama-factory',
  program: 'run_llama_factory.py',
  transformers: '4.57',
  families: [
    'qwen3',
    'chatml',
    'llama-3',
    'gemma',
    'zephyr',
    'llama-factory-mistral',
    'llama-factory-zephyr',
    'llama-factory-gemma2',
    'llama-factory-qwen3',
    'llama-factory-deepseekr1',
    'llama-factory-seed-oss',
    'llama-factory-glm4_7',
  ],
  foreign: ['chat_templates/models'],
  runs: [
    { name: 'read off, all', mask: { preset: 'llama-factory' } },
    { name: 'read off, all: mask_history', mask: { preset: 'llama-factory', mask_history: true } },
    ...runsOf(
      'llama-factory',
      'template',
      [
        [null, ['qwen3', 'chatml', 'llama-3', 'zephyr', 'gemma', 'llama-factory-qwen3']],
        ['qwen3', ['qwen3', 'chatml', 'llama-factory-qwen3']],
        ['qwen3_nothink', ['qwen3', 'chatml']],
        ['llama3', ['llama-3']],
        ['gemma', ['gemma']],
        ['mistral', ['llama-factory-mistral']],
        ['zephyr', ['llama-factory-zephyr']],
        ['gemma2', ['llama-factory-gemma2']],
        ['deepseekr1', ['llama-factory-deepseekr1']],
        ['seed_oss', ['llama-factory-seed-oss']],
        ['glm4_7', ['llama-factory-glm4_7']],
      ],
      {
        default: {},
        openai: { formatting: 'openai' },
        train_on_prompt: { train_on_prompt: true },
        mask_history: { mask_history: true },
        'preserve_thinking, mask_history': { mask_history: true, preserve_thinking: true },
        'enable_thinking: null': { enable_thinking: null },
        'enable_thinking: false': { enable_thinking: false },
        'mask_history, enable_thinking: null': { mask_history: true, enable_thinking: null },
      },
    ),
  ],
  known: ({ run, row }) =>
    row === 'call-string' && /^(seed_oss|glm4_7): openai/.test(run)
      ? 'arguments of a call as text, under a tool format that needs an object'
      : null,
};

const MS_SWIFT: Trainer = {
  name: 'ms-swift',
  program: 'run_ms_swift.py',
  transformers: '5.18',
  families: ['qwen3', 'chatml', 'llama-3', 'ms-swift-mistral', 'ms-swift-zephyr', 'ms-swift-gemma'],
  runs: runsOf(
    'ms-swift',
    'template',
    [
      ['chatml', ['chatml']],
      ['qwen3', ['qwen3', 'chatml']],
      ['qwen3_nothinking', ['qwen3', 'chatml']],
      ['llama3', ['llama-3']],
      ['mistral_2501', ['ms-swift-mistral']],
      ['zephyr', ['ms-swift-zephyr']],
      ['gemma', ['ms-swift-gemma']],
    ],
    {
      default: { system: '' },
      disable_ignore_empty_think: { system: '', disable_ignore_empty_think: true },
      last_round: { system: '', loss_scale: 'last_round' },
      all: { system: '', loss_scale: 'all' },
      ignore_empty_think: { system: '', loss_scale: 'ignore_empty_think' },
      ignore_think_prefix: { system: '', loss_scale: 'default+ignore_think_prefix' },
      react: { system: '', loss_scale: 'react' },
      'hermes and empty thoughts': { system: '', loss_scale: 'last_round+hermes+ignore_empty_think' },
      'qwen, agentflan, alpha_umi': { system: '', loss_scale: 'qwen+agentflan+alpha_umi' },
      jinja: { template_backend: 'jinja' },
      'jinja, agent_template': { template_backend: 'jinja', agent_template: 'hermes' },
      agent_template: { system: '', agent_template: 'hermes' },
    },
  ),
};

const TORCHTUNE: Trainer = {
  name: 'torchtune',
  program: 'run_torchtune.py',
  transformers: '5.18',
  families: ['torchtune-qwen', 'torchtune-llama3', 'torchtune-mistral', 'torchtune-phi4'],
  runs: runsOf(
    'torchtune',
    'tokenizer',
    [
      ['qwen2', ['torchtune-qwen']],
      ['qwen2_5', ['torchtune-qwen']],
      ['llama3', ['torchtune-llama3']],
      ['mistral', ['torchtune-mistral']],
      ['phi4', ['torchtune-phi4']],
    ],
    { default: {}, train_on_input: { train_on_input: true } },
  ),
  known: ({ family, row }) =>
    family === 'torchtune-mistral' && row === 'developer'
      ? "a role that Mistral's prompt_template does not know"
      : null,
};

export const OWN_TEXT: readonly Trainer[] = [LLAMA_FACTORY, MS_SWIFT, TORCHTUNE];
