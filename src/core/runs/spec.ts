import type { MaskSpec } from '../config.ts';

export const METHODS = ['full', 'lora', 'qlora', 'dpo', 'kto'] as const;
export type Method = (typeof METHODS)[number];

/**
 * TRL's `wrapped` is not among them: there a row sees its neighbours, so that what the inspector shows of it would not be
 * what is trained.
 */
export const PACKINGS = ['bfd', 'bfd_split'] as const;
export type Packing = (typeof PACKINGS)[number];

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** What the trainer records besides what TRL logs. */
export interface Recording {
  /** The loss of each row of each batch. */
  readonly rowLoss: boolean;
  /** Lines of the training file (from 1) whose loss is recorded token by token. */
  readonly watch: readonly number[];
}

/** Answers of the base and the tuned model, side by side, when a run has ended. */
export interface Comparison {
  /** Rows of the eval set, from its begin, whose prompts are answered. */
  readonly prompts: number;
  readonly maxNewTokens: number;
}

/** A run as `NAME.sftrun.json` describes it, with every default filled in. Paths are relative to that file. */
export interface RunSpec {
  /** Hub id, or a folder. */
  readonly model: string;
  readonly data: {
    readonly train: string;
    /** A file; a share of the training rows (0 to 1) that is held out; or none. */
    readonly eval: string | number | null;
  };
  readonly method: Method;
  /** TRL's own arguments by their own names; what is not named here keeps the defaults of `defaults.ts`. */
  readonly args: JsonObject;
  /** peft's `LoraConfig` by its own names; used by `lora`, `qlora`, and by `dpo` and `kto` where it is not null. */
  readonly peft: JsonObject | null;
  /** `local`, or a name of the setting `sftLens.targets`. */
  readonly target: string;
  /** Per node. `auto`: all that the node has, or the processor where it has none. */
  readonly gpus: number | 'auto';
  readonly nodes: number;
  readonly packing: Packing | false;
  readonly record: Recording;
  readonly compare: Comparison;
  /** Over `sft-lens.json`. */
  readonly tokenizer?: string;
  readonly chatTemplate?: string | null;
  readonly templateArgs?: JsonObject;
  readonly mask?: MaskSpec;
  readonly maxLength?: number;
}
