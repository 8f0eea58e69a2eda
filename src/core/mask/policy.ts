/** The loss mask as a point in the space of what trainers do. */
export interface MaskPolicy {
  readonly roles: readonly string[];
  readonly turns: 'all' | 'last';
  /** The role marker up to where the model starts to write. */
  readonly header: boolean;
  readonly endOfTurn: 'every' | 'last' | 'none';
  /** What the template prints between the end-of-turn token and the next turn (ChatML's line break). */
  readonly afterEndOfTurn: boolean;
  readonly thinking: 'train' | 'mask' | 'mask-empty';
  readonly toolCalls: boolean;
  /** Whether the row's own weight/train flags are obeyed. */
  readonly messageFlags: boolean;
  /** What the template's generation blocks mean: used if present, not looked at, or needed. */
  readonly markers: 'prefer' | 'ignore' | 'require';
  /** `everything`: every token of the row is trained; `completion`: all after the prompt; `turns`: by the fields above. */
  readonly scope: 'turns' | 'completion' | 'everything';
}

/** Each has a file in `tools`. */
export const PRESET_NAMES = [
  'trl-assistant',
  'trl-default',
  'trl-completion',
  'axolotl',
  'unsloth',
  'nemo-automodel',
  'llama-factory',
  'ms-swift',
  'torchtune',
  'openai',
  'full',
] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

/** What the model must produce after the generation prompt, through the end-of-turn token: the point from which the others differ. */
export const ASSISTANT_TURNS: MaskPolicy = {
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
export const POLICY_KEYS = Object.keys(ASSISTANT_TURNS) as readonly (keyof MaskPolicy)[];

/** Why a token is trained or not. Kept as an index into `REASONS` in a Uint8Array. */
export const REASONS = [
  // trained
  'assistant-content',
  'assistant-reasoning',
  'tool-call',
  'end-of-turn',
  'after-end-of-turn',
  'template-text',
  'empty-think',
  'role-header',
  'everything',
  'completion',
  'chosen-answer',
  'label',
  'trained-context',
  'trained-by-defect',
  // not trained
  'masked-header',
  'masked-content',
  'masked-role',
  'masked-template',
  'masked-end-of-turn',
  'masked-after-end-of-turn',
  'masked-thinking',
  'masked-tool-call',
  'weight-0',
  'earlier-turn',
  'prompt',
  'rejected-answer',
  'outside-generation',
  'mask-defect',
  'masked-label',
  'after-max-length',
] as const;
export type Reason = (typeof REASONS)[number];

/** Per token of an encoding. */
export interface Mask {
  /** 1 where the preset's tool trains the token, bug for bug, before truncation. */
  readonly trained: Uint8Array;
  /** What was meant, where it can differ; null where it cannot. */
  readonly intended: Uint8Array | null;
  /** Index into REASONS. */
  readonly reasons: Uint8Array;
  /** Message index of each token, -1 for text before the first turn. */
  readonly turns: Int16Array;
}
