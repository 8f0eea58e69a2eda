import type { Severity } from './checks/problem.ts';
import type { FormatName } from './formats/format.ts';
import type { MaskPolicy, PresetName } from './mask/policy.ts';
import type { OptionValue } from './mask/tools/tool.ts';
import type { TokenizerClass } from './tokenizer/tokenizer-class.ts';

/** Whose rendering rules apply (transformers minor versions that changed them). */
export const TRANSFORMERS_RULES = ['4.57', '5.18', '5.21', '5.23'] as const;
export type TransformersRules = (typeof TRANSFORMERS_RULES)[number];

/**
 * A mask as the user writes it: a preset's name; or an object of a preset, the version of its tool, that tool's own options
 * by their own names, and fields of the policy that it changes.
 */
export type MaskSpec = PresetName | MaskObject;
export type MaskObject = Partial<MaskPolicy> & {
  readonly preset?: PresetName;
  readonly version?: string;
  readonly [option: string]: OptionValue | undefined;
};

export type CheckLevel = Severity | 'off';

/** What an analysis needs to know; every key of `sft-lens.json` (design: contracts), resolved for one data file. */
export interface Settings {
  /** `bundled:qwen3`, a folder (absolute path), or a model of the Hugging Face Hub (`org/name`, `org/name@revision`). */
  readonly tokenizer: string;
  /** Whose tokenizer is made of its files; where nothing is said, that of tokenizer.json. */
  readonly tokenizerClass?: TokenizerClass;
  /** null: the tokenizer's own; `bundled:chatml`; or a .jinja path (absolute). */
  readonly chatTemplate: string | null;
  readonly templateArgs: Readonly<Record<string, unknown>>;
  readonly transformers: TransformersRules;
  /** `sanitize_control_tokens` of transformers 5.20: control tokens in the row's own text are encoded as ordinary text. */
  readonly sanitizeControlTokens?: boolean;
  readonly mask: MaskSpec;
  /** Tokens. */
  readonly maxLength: number;
  readonly format: FormatName | 'auto';
  /** Format `columns`: target field -> the row's column. */
  readonly columns: Readonly<Record<string, string>>;
  readonly checks: Readonly<Record<string, CheckLevel>>;
  /** No key of the file: the folder of TRL's chat templates in the Python of the workspace; null or absent where it has none. */
  readonly trlTemplates?: string | null;
}

export const DEFAULT_SETTINGS: Settings = {
  tokenizer: 'bundled:qwen3',
  tokenizerClass: 'file',
  chatTemplate: null,
  templateArgs: {},
  transformers: '5.23',
  sanitizeControlTokens: false,
  mask: 'trl-assistant',
  maxLength: 4096,
  format: 'auto',
  columns: {},
  checks: {},
};
