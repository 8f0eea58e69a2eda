// TRL: what a row is under its presets and their options.
import type { Run, Trainer } from './trainers.ts';

const runs = (version: string): Run[] => [
  { name: 'default', mask: { preset: 'trl-default', version } },
  { name: 'default, no completion', mask: { preset: 'trl-default', version, completion_only_loss: false } },
  { name: 'completion', mask: { preset: 'trl-completion', version } },
  { name: 'completion, assistant', mask: { preset: 'trl-completion', version, assistant_only_loss: true } },
  { name: 'assistant', mask: { preset: 'trl-assistant', version } },
  { name: 'assistant, no completion', mask: { preset: 'trl-assistant', version, completion_only_loss: false } },
];

export const TRL: readonly Trainer[] = [
  { name: 'trl-1.13', program: 'run_trl.py', transformers: '5.18', runs: runs('1.13') },
  { name: 'trl-1.16', program: 'run_trl.py', transformers: '5.23', runs: runs('1.15') },
];
