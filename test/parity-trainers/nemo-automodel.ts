// NeMo Automodel's ChatDataset.
import type { MaskObject } from '../../src/core/config.ts';
import type { Run, Trainer } from './trainers.ts';

/** Families of models that many train; the project's own templates. */
const OWN = ['qwen3', 'chatml', 'gemma', 'llama-2', 'llama-3', 'mistral', 'phi', 'zephyr'];

/** Published chat templates; a folder of the data folder. */
const TEMPLATES = ['chat_templates/models'];

/** Published ones that print reasoning or a thinking block of their own: they are asked about each option, too. */
const THINKING = [
  'NVIDIA-Nemotron-3-Nano-30B-A3B-BF16',
  'GLM-4.7-Flash',
  'Qwen3-Coder',
  'HuggingFaceTB-SmolLM3-3B',
  'deepseek-ai-DeepSeek-V3.1',
];

const nemo = (name: string, options?: Partial<MaskObject>): Run => ({
  name,
  mask: { preset: 'nemo-automodel', version: '0.7', ...options },
  ...(options !== undefined && { families: [...OWN, ...THINKING] }),
});

export const NEMO_AUTOMODEL: Trainer = {
  name: 'nemo-automodel',
  program: 'run_nemo_automodel.py',
  transformers: '5.18',
  // contents and arguments of tool calls become text
  changes: true,
  runs: [
    nemo('default'),
    nemo('mask_generation_prompt', { mask_generation_prompt: true }),
    nemo('mask_reasoning_content', { mask_reasoning_content: true }),
    nemo('mask_history', { mask_history: true }),
    nemo('all three', { mask_generation_prompt: true, mask_reasoning_content: true, mask_history: true }),
  ],
  families: OWN,
  foreign: TEMPLATES,
};
