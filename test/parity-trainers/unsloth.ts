// Unsloth before and after its answers end at the first boundary.
import type { Run, Trainer } from './trainers.ts';

/** Families whose templates are the project's own: the others are asked about once. */
const OWN = ['qwen3', 'chatml', 'gemma', 'llama-2', 'llama-3', 'mistral', 'phi', 'zephyr'];

/** Published chat templates; a folder of the data folder. */
const TEMPLATES = ['chat_templates/models'];

/** Markers found by itself, given, and the other options. */
const runs = (version: string): Run[] => [
  { name: 'found markers', mask: { preset: 'unsloth', version } },
  { name: 'last_response_only', mask: { preset: 'unsloth', version, last_response_only: true }, families: OWN },
  {
    name: 'given, ChatML',
    mask: {
      preset: 'unsloth',
      version,
      instruction_part: '<|im_start|>user\n',
      response_part: '<|im_start|>assistant\n',
    },
    families: OWN,
  },
  {
    name: 'given, Llama 3',
    mask: {
      preset: 'unsloth',
      version,
      instruction_part: '<|start_header_id|>user<|end_header_id|>\n\n',
      response_part: '<|start_header_id|>assistant<|end_header_id|>\n\n',
    },
    families: OWN,
  },
  {
    name: 'given, Mistral',
    mask: { preset: 'unsloth', version, instruction_part: '[INST]', response_part: ' [/INST]' },
    families: OWN,
  },
];

export const UNSLOTH: readonly Trainer[] = [
  {
    name: 'unsloth-old',
    program: 'run_unsloth.py',
    transformers: '5.18',
    runs: runs('2026.9'),
    families: OWN,
    foreign: TEMPLATES,
  },
  {
    name: 'unsloth-new',
    program: 'run_unsloth.py',
    transformers: '5.18',
    runs: [
      ...runs('2026.10'),
      {
        name: 'mask_out_tokens',
        mask: { preset: 'unsloth', version: '2026.10', mask_out_tokens: ['</think>', 'Two', ' and'] },
        families: OWN,
      },
    ],
    families: OWN,
    foreign: TEMPLATES,
  },
];
