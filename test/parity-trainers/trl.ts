// TRL: what a row is under its presets and their options.
import type { Place, Run, Trainer } from './trainers.ts';

const OWN = ['qwen3', 'chatml', 'gemma', 'llama-2', 'llama-3', 'mistral', 'phi', 'zephyr'];

/** TRL's own templates are asked about where it may swap them. */
const runs = (version: string): Run[] => [
  { name: 'default', mask: { preset: 'trl-default', version }, families: OWN },
  {
    name: 'default, no completion',
    mask: { preset: 'trl-default', version, completion_only_loss: false },
    families: OWN,
  },
  { name: 'completion', mask: { preset: 'trl-completion', version }, families: OWN },
  {
    name: 'completion, assistant',
    mask: { preset: 'trl-completion', version, assistant_only_loss: true },
    families: OWN,
  },
  { name: 'assistant', mask: { preset: 'trl-assistant', version } },
  {
    name: 'assistant, no completion',
    mask: { preset: 'trl-assistant', version, completion_only_loss: false },
    families: OWN,
  },
];

/** Templates without generation blocks that TRL has no training version of. */
const UNKNOWN = /^(qwen3|trl-(gemma4(_v\d)?|llama3_[12]))$/;
const PLAIN_TEXT = ['completion', 'completion-merged', 'completion-newline', 'text'];

function known({ run, family, row }: Place): string | null {
  if (!run.includes('assistant')) return null;
  if (PLAIN_TEXT.includes(row)) return 'TRL refuses plain text under assistant_only_loss; it is shown as without';
  if (UNKNOWN.test(family)) return 'TRL refuses a template that it has no training version of; a mask is derived';
  return null;
}

export const TRL: readonly Trainer[] = [
  { name: 'trl-1.13', program: 'run_trl.py', transformers: '5.18', runs: runs('1.13'), swaps: true, known },
  { name: 'trl-1.16', program: 'run_trl.py', transformers: '5.23', runs: runs('1.16'), swaps: true, known },
];
