import type { MaskSpec } from '../config.ts';
import type { MaskPolicy, PresetName } from './policy.ts';

/** What the model must produce after the generation prompt, through the end-of-turn token: the point from which the others differ. */
const ASSISTANT_TURNS: MaskPolicy = {
  roles: ['assistant'],
  turns: 'all',
  header: false,
  endOfTurn: 'every',
  afterEndOfTurn: false,
  thinking: 'train',
  toolCalls: true,
  messageFlags: false,
  markers: 'prefer',
  scope: 'turns',
};

/** Presets as points of the policy. What a tool does beyond these fields stands with the code that does it. */
export const PRESETS: Readonly<Record<PresetName, MaskPolicy>> = {
  /** TRL 1.16 `assistant_only_loss`: the template's generation blocks, or those of TRL's training template of the family. Ignores `weight`. */
  'trl-assistant': ASSISTANT_TURNS,
  /** TRL 1.16 with nothing set: `labels == input_ids`; rows of prompt and completion are `trl-completion`. */
  'trl-default': { ...ASSISTANT_TURNS, scope: 'everything' },
  /** TRL 1.16 `completion_only_loss`: all after the common token prefix of prompt and prompt + completion (since 1.15). */
  'trl-completion': { ...ASSISTANT_TURNS, scope: 'completion' },
  /** axolotl 0.19 `roles_to_train: [assistant]`, `train_on_eos: turn`. */
  axolotl: { ...ASSISTANT_TURNS, thinking: 'mask-empty', messageFlags: true, markers: 'ignore' },
  /** OpenAI fine-tuning: `weight` 0 or 1 of each assistant message. */
  openai: { ...ASSISTANT_TURNS, messageFlags: true, markers: 'ignore' },
  full: { ...ASSISTANT_TURNS, scope: 'everything', markers: 'ignore' },
};

export const PRESET_NAMES = Object.keys(PRESETS) as readonly PresetName[];

export interface ResolvedPolicy {
  /** The preset whose tool is followed bug for bug; null for a policy of the user's own or a preset with changed fields. */
  readonly preset: PresetName | null;
  readonly policy: MaskPolicy;
}

const sameField = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) && Array.isArray(b) ? a.length === b.length && a.every((x, i) => x === b[i]) : a === b;

/** The whole policy of what the user wrote. Fields that are not given are the preset's, or `trl-assistant`'s without one. */
export function resolvePolicy(spec: MaskSpec): ResolvedPolicy {
  if (typeof spec === 'string') return { preset: spec, policy: PRESETS[spec] };
  const { preset, ...changes } = spec;
  const base = PRESETS[preset ?? 'trl-assistant'];
  const policy: MaskPolicy = { ...base, ...changes };
  const changed = (Object.keys(changes) as (keyof MaskPolicy)[]).some((key) => !sameField(base[key], policy[key]));
  return { preset: preset !== undefined && !changed ? preset : null, policy };
}
