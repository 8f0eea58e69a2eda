// The trainers that are compared with: one entry each.
import type { MaskObject, TransformersRules } from '../../src/core/config.ts';
import { AXOLOTL } from './axolotl.ts';
import { TRL } from './trl.ts';

/** A mask under which a trainer goes over the rows. */
export interface Run {
  readonly name: string;
  readonly mask: MaskObject;
  /** Names of families; all of the trainer's without them. */
  readonly families?: readonly string[];
}

export interface Place {
  readonly run: string;
  readonly family: string;
  readonly row: string;
}

/** A version of a tool. Its packages are `tools/trainers/NAME`, its answers to the own families `golden/NAME.json`. */
export interface Trainer {
  readonly name: string;
  /** The Python program of this folder that asks it. */
  readonly program: string;
  /** The rendering rules of the transformers that it runs with. */
  readonly transformers: TransformersRules;
  readonly runs: readonly Run[];
  /** Own families that it is asked about; all of them without. */
  readonly families?: readonly string[];
  /** Folders of the data folder whose templates it is asked about, too. */
  readonly foreign?: readonly string[];
  /** Why a difference is there, where it is one of docs/exactness.md. */
  readonly known?: (place: Place) => string | null;
}

/** Published chat templates; folders of the data folder. */
const TEMPLATES = ['chat_templates/models'];

/** Unsloth's markers found by itself, given, and its other options. */
const unslothRuns = (version: string): Run[] => [
  { name: 'found markers', mask: { preset: 'unsloth', version } },
  { name: 'last_response_only', mask: { preset: 'unsloth', version, last_response_only: true } },
  {
    name: 'given, ChatML',
    mask: {
      preset: 'unsloth',
      version,
      instruction_part: '<|im_start|>user\n',
      response_part: '<|im_start|>assistant\n',
    },
  },
  {
    name: 'given, Llama 3',
    mask: {
      preset: 'unsloth',
      version,
      instruction_part: '<|start_header_id|>user<|end_header_id|>\n\n',
      response_part: '<|start_header_id|>assistant<|end_header_id|>\n\n',
    },
  },
  {
    name: 'given, Mistral',
    mask: { preset: 'unsloth', version, instruction_part: '[INST]', response_part: ' [/INST]' },
  },
];

const UNSLOTH: readonly Trainer[] = [
  {
    name: 'unsloth-old',
    program: 'run_unsloth.py',
    transformers: '5.18',
    runs: unslothRuns('2026.9'),
    foreign: TEMPLATES,
  },
  {
    name: 'unsloth-new',
    program: 'run_unsloth.py',
    transformers: '5.18',
    runs: [
      ...unslothRuns('2026.10'),
      {
        name: 'mask_out_tokens',
        mask: { preset: 'unsloth', version: '2026.10', mask_out_tokens: ['</think>', 'Two', ' and'] },
      },
    ],
    foreign: TEMPLATES,
  },
];

const nemo = (name: string, options: Partial<MaskObject> = {}): Run => ({
  name,
  mask: { preset: 'nemo-automodel', version: '0.7', ...options },
});

const NEMO_AUTOMODEL: Trainer = {
  name: 'nemo-automodel',
  program: 'run_nemo_automodel.py',
  transformers: '5.18',
  runs: [
    nemo('default'),
    nemo('mask_generation_prompt', { mask_generation_prompt: true }),
    nemo('mask_reasoning_content', { mask_reasoning_content: true }),
    nemo('mask_history', { mask_history: true }),
    nemo('all three', { mask_generation_prompt: true, mask_reasoning_content: true, mask_history: true }),
  ],
  foreign: TEMPLATES,
};

export const TRAINERS: readonly Trainer[] = [...TRL, ...AXOLOTL, ...UNSLOTH, NEMO_AUTOMODEL];
