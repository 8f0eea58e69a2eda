/**
 * `metrics.jsonl`, written by train.py on rank 0: one event a line. Non-finite numbers are the strings "NaN", "Infinity"
 * and "-Infinity"; `seq` rises by one from line to line and goes on in later attempts. Steps that a later attempt did
 * again replace those of the earlier one.
 */
export type Figure = number | 'NaN' | 'Infinity' | '-Infinity';

interface Head {
  readonly v: 1;
  readonly seq: number;
  /** Seconds since 1970. */
  readonly t: number;
  /** From 1; each start of the program is one. */
  readonly attempt: number;
  /** Optimizer steps done. */
  readonly step: number;
}

export interface TrainBegin extends Head {
  readonly event: 'train_begin';
  readonly max_steps: number;
  readonly epochs: number;
  readonly world_size: number;
  /** What the spec asked for; null where the target was free to choose. */
  readonly world_size_asked: number | null;
  readonly per_device_batch: number;
  readonly accumulation: number;
  readonly device: string;
  readonly device_name: string;
  /** accelerate's `DistributedType`. */
  readonly parallel: string;
  readonly method: string;
  readonly packing: string | null;
  readonly rows: number;
  readonly trainable: number;
  readonly parameters: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** TRL's own log, by its own names (`loss`, `grad_norm`, `learning_rate`, `mean_token_accuracy`, `eval_loss`, ...). */
export interface LogEvent extends Head {
  readonly event: 'log';
  readonly epoch?: number;
  /** Tokens of the rows so far, of all ranks, without padding, over all attempts. */
  readonly tokens?: number;
  readonly tokens_per_second?: number;
  readonly [figure: string]: Figure | string | undefined;
}

/** What one step was made of; lists are parallel, one entry for each piece of a row. */
export interface BatchEvent extends Head {
  readonly event: 'batch';
  /** Lines of the training file, from 1. */
  readonly lines: readonly number[];
  /** Rows of train.arrow, from 0. */
  readonly rows: readonly number[];
  /** [rank, micro batch, sequence in it]. */
  readonly micro: readonly (readonly [number, number, number])[];
  /** Tokens [from, to) of the row; null: all of it. Absent where every row is whole. */
  readonly pieces?: readonly (readonly [number, number] | null)[];
  /** Mean loss of the trained tokens; null where none is. Absent where it was not asked for. */
  readonly loss?: readonly (Figure | null)[];
  /** Trained tokens. */
  readonly n?: readonly number[];
  readonly tokens: number;
  readonly step_loss?: Figure;
  readonly watched?: readonly {
    readonly row: number;
    readonly from: number;
    readonly loss: readonly (Figure | null)[];
  }[];
}

export interface EvalEvent extends Head {
  readonly event: 'eval';
  /** `eval/step-N.jsonl`: `{line, row, loss, n}` of each row, worst first. */
  readonly file: string;
  readonly rows: number;
  readonly tokens: number;
  /** Mean over tokens; TRL's `eval_loss` is a mean of batch means. */
  readonly token_loss: Figure;
  readonly worst: readonly (readonly [line: number, loss: number])[];
}

export interface GpuFigures {
  readonly index: number;
  /** Bytes. */
  readonly memory_used: number;
  readonly memory_total: number;
  /** By torch, in the process of rank 0: known for its own GPU only. */
  readonly allocated?: number;
  readonly peak?: number;
  /** Percent. */
  readonly utilization?: number;
}

export interface HeartbeatEvent extends Head {
  readonly event: 'heartbeat';
  readonly gpus?: readonly GpuFigures[];
}

export interface SaveEvent extends Head {
  readonly event: 'save';
  /** In the run's folder. */
  readonly path: string;
}

export interface TrainEnd extends Head {
  readonly event: 'train_end';
  readonly status: 'done' | 'stopped';
}

export interface CompareEvent extends Head {
  readonly event: 'compare';
  /** `CompareResult` in the run's folder. */
  readonly file: string;
}

export interface ErrorEvent extends Head {
  readonly event: 'error';
  /**
   * Python's class name. train.py's own: `WorldSizeMismatch`, `DataMismatch` (a file is not the one of the manifest),
   * `VocabularyMismatch` (an id that the model does not know), `MissingGpu`, `MissingModel`.
   */
  readonly type: string;
  readonly message: string;
  readonly rank: number;
}

export type RunEvent =
  | TrainBegin
  | LogEvent
  | BatchEvent
  | EvalEvent
  | HeartbeatEvent
  | SaveEvent
  | TrainEnd
  | CompareEvent
  | ErrorEvent;

/** What base and tuned model write for the prompt of a row. */
export interface Answers<T> {
  readonly prompt: T;
  /** What the row itself answers. */
  readonly expected: T;
  readonly base: T;
  readonly tuned: T;
}

/** `compare.json`. Losses: one for each token of the row, of having to write that token; null for the first. */
export interface CompareResult {
  readonly checkpoint: string;
  /** Texts by the model's own tokenizer; null where the model has none: then the ids are to be decoded. */
  readonly prompts: readonly ({
    readonly split: 'train' | 'eval';
    readonly row: number;
    readonly line: number;
    readonly ids: Answers<readonly number[]>;
  } & Answers<string | null>)[];
  readonly rows: readonly {
    readonly split: 'train' | 'eval';
    readonly row: number;
    readonly line: number;
    readonly base: readonly (Figure | null)[];
    readonly tuned: readonly (Figure | null)[];
  }[];
}
