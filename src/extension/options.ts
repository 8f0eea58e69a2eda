import { basename, dirname } from 'node:path';
import type { MaskSpec } from '../core/config.ts';
import type { FormatName } from '../core/formats/format.ts';
import { PRESET_NAMES, type PresetName } from '../core/mask/policy.ts';
import { maskTitle } from '../core/mask/title.ts';
import { MASK_TOOLS } from '../core/mask/tools/registry.ts';
import type { PickerOption } from '../core/protocol.ts';
import { hubIdOf, shownHubId } from '../node/hub/hub-id.ts';

/** What can be picked without any file. Descriptions are for quick picks. */

interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly description: string;
}

export const MASKS: readonly Choice<PresetName>[] = PRESET_NAMES.map((value) => ({
  value,
  label: value,
  description: MASK_TOOLS[value].summary,
}));

export const FORMATS: readonly Choice<FormatName | 'auto'>[] = [
  { value: 'auto', label: 'auto', description: 'Detected from the first rows' },
  { value: 'messages', label: 'messages', description: 'role and content' },
  { value: 'sharegpt', label: 'sharegpt', description: 'conversations with from and value' },
  { value: 'alpaca', label: 'alpaca', description: 'instruction, input, output' },
  { value: 'dolly', label: 'dolly', description: 'instruction, context, response' },
  { value: 'flan', label: 'flan', description: 'inputs, targets' },
  { value: 'prompt-completion', label: 'prompt-completion', description: 'prompt, completion' },
  { value: 'text', label: 'text', description: 'plain text' },
  { value: 'preference', label: 'preference', description: 'chosen, rejected' },
  { value: 'kto', label: 'kto', description: 'prompt, completion, label' },
  { value: 'oasst', label: 'oasst', description: 'OpenAssistant trees' },
  { value: 'tokenized', label: 'tokenized', description: 'input_ids, labels' },
  { value: 'columns', label: 'columns', description: 'other columns, mapped in sft-lens.json' },
];

/** Tokens. */
export const MAX_LENGTHS: readonly number[] = [512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072];

/** "qwen3" for `bundled:qwen3`, the folder's or the file's name for a path, "name@abc1234" for a model of the Hub. */
export function plainName(id: string): string {
  if (id.startsWith('bundled:')) return id.slice('bundled:'.length);
  const hub = hubIdOf(id);
  if (hub !== null) return shownHubId({ ...hub, repo: basename(hub.repo) });
  const name = basename(id);
  return name === 'tokenizer.json' ? basename(dirname(id)) : name;
}

/** "axolotl" for a preset, "axolotl 0.19, train_on_eos all" for one with options. */
export const maskName = (mask: MaskSpec): string => (typeof mask === 'string' ? mask : maskTitle(mask));

/** The options with the chosen value among them, wherever it came from. */
export const withChosen = (options: readonly PickerOption[], value: string, label: string): readonly PickerOption[] =>
  options.some((option) => option.value === value) ? options : [{ value, label }, ...options];
