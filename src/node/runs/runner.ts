import type { RunRecord, TrainerSpec } from '../../core/runs/folder.ts';
import type { PrepareStep, RunStatus } from '../../core/runs/state.ts';
import type { Target } from '../../core/runs/target.ts';

export interface Gpu {
  readonly index: number;
  readonly name: string;
  /** Bytes; null where the driver does not say. */
  readonly memoryTotal: number | null;
  readonly memoryUsed: number | null;
  /** Percent. */
  readonly utilization: number | null;
}

export interface Partition {
  readonly name: string;
  readonly isDefault: boolean;
  readonly available: boolean;
  readonly timeLimit: string;
  readonly nodes: number;
  readonly gres: string;
}

/** What a target has. `problems` are sentences with what to do; the target can be used where there are none. */
export interface Probe {
  readonly reachable: boolean;
  readonly python: { readonly path: string; readonly version: string } | null;
  readonly uv: string | null;
  readonly gpus: readonly Gpu[];
  /** Bytes free in the work folder. */
  readonly diskFree: number | null;
  readonly slurm: { readonly version: string; readonly partitions: readonly Partition[] } | null;
  readonly problems: readonly string[];
}

/** All that a run needs, on this machine, before it goes to its target. */
export interface StartRequest {
  readonly record: RunRecord;
  readonly trainer: TrainerSpec;
  /** Folder here that holds train.arrow, eval.arrow and manifest.json. */
  readonly staging: string;
  /** Go on from the last whole checkpoint of the folder. */
  readonly resume: boolean;
  /** Only in the environment of the trainer, never in a file that stays or in an argument. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Byte offsets into the files of the run. */
export interface Cursor {
  readonly metrics: number;
  readonly log: number;
}
export const START: Cursor = { metrics: 0, log: 0 };

export interface Poll {
  readonly status: RunStatus;
  /** Whole lines of metrics.jsonl since the cursor. */
  readonly metrics: string;
  /** Text of out.log since the cursor; of a long log only its end. */
  readonly log: string;
  readonly cursor: Cursor;
  /** metrics.jsonl became shorter: everything is sent again from its begin. */
  readonly truncated: boolean;
  /** There is more to read right now. */
  readonly more: boolean;
}

/**
 * Runs on one target. Every method ends within a time limit of its own. A target that does not answer is the state
 * `unknown`, never a failure of the run. What goes wrong is thrown as `RunnerError`.
 */
export interface Runner {
  readonly target: Target;
  probe(signal?: AbortSignal): Promise<Probe>;
  /**
   * Environment, staging, submission. Nothing is submitted twice: a folder whose run goes on is left alone. `onSteps` is
   * told of each change. An abort before the submission leaves nothing running.
   */
  start(request: StartRequest, onSteps: (steps: readonly PrepareStep[]) => void, signal?: AbortSignal): Promise<void>;
  poll(record: RunRecord, cursor: Cursor): Promise<Poll>;
  /** `checkpoint`: at the end of the step, saved. `kill`: now. */
  stop(record: RunRecord, mode: 'checkpoint' | 'kill'): Promise<void>;
  /** Runs train.py --compare in the run's folder and returns the path of its answer there. */
  compare(record: RunRecord, request: CompareRequest, signal?: AbortSignal): Promise<void>;
  /** The bytes of a file in the run's folder (eval/step-N.jsonl, compare.json, out.log); null where there is none. */
  read(record: RunRecord, path: string): Promise<Uint8Array | null>;
  /** Copies `out` (adapter or model), one checkpoint of it, or log and metrics into a folder here. */
  fetch(record: RunRecord, what: 'model' | 'logs' | { readonly checkpoint: string }, to: string): Promise<void>;
  /** Runs that are in the work folder, whoever started them. */
  list(): Promise<readonly RunRecord[]>;
  /** Deletes the folder of a run that is over. */
  remove(record: RunRecord): Promise<void>;
  dispose(): void;
}

/** What train.py --compare reads. */
export interface CompareRequest {
  /** In the run's folder; null: the model that the run saved at its end. */
  readonly checkpoint: string | null;
  /** Rows of eval.arrow (of train.arrow where `split` says so) whose prompts are answered. */
  readonly prompts: readonly number[];
  readonly split?: 'train' | 'eval';
  /** Rows whose tokens get a loss by base and tuned model. */
  readonly rows: readonly { readonly split: 'train' | 'eval'; readonly row: number }[];
  readonly maxNewTokens: number;
}

/** The message is a sentence for a person, `remedy` one that says what to do. */
export class RunnerError extends Error {
  readonly code: RunnerErrorCode;
  readonly remedy: string;

  constructor(code: RunnerErrorCode, message: string, remedy: string) {
    super(message);
    this.name = 'RunnerError';
    this.code = code;
    this.remedy = remedy;
  }
}

export type RunnerErrorCode =
  | 'unreachable'
  | 'host-key'
  | 'login'
  | 'no-python'
  | 'environment'
  | 'disk'
  | 'staging'
  | 'submit'
  | 'slurm'
  | 'bad-name'
  | 'cancelled'
  | 'unsupported';
