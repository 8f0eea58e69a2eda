import type { Method, Packing, RunSpec } from './spec.ts';
import type { Target } from './target.ts';

/** Names in the folder of a run, the same on every machine. */
export const RUN_FILES = {
  /** `RunRecord`. */
  record: 'run.json',
  /** `TrainerSpec`: what train.py reads. */
  spec: 'spec.json',
  train: 'train.arrow',
  eval: 'eval.arrow',
  /** `RunManifest`. */
  manifest: 'manifest.json',
  trainer: 'train.py',
  supervisor: 'supervise.sh',
  job: 'job.sbatch',
  pid: 'pid.json',
  log: 'out.log',
  metrics: 'metrics.jsonl',
  exit: 'exit.json',
  /** Its presence asks the trainer to stop with a checkpoint. */
  stop: 'stop',
  output: 'out',
  compare: 'compare.json',
} as const;

/** What a run is, written before it starts: a window that has only the folder can follow it. */
export interface RunRecord {
  readonly v: 1;
  /** `YYYYMMDD-HHMMSS-xxxxxx`; also the folder's name. */
  readonly id: string;
  /** The spec's name, without `.sftrun.json`. */
  readonly name: string;
  /** Absolute path of the spec on the machine that started the run. */
  readonly specPath: string;
  /** Absolute path of the training file there: a point of the plot leads to its lines. */
  readonly trainPath: string;
  readonly evalPath: string | null;
  readonly spec: RunSpec;
  readonly target: Target;
  /** Absolute path of this folder on the target. */
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** `spec.json`: all that train.py needs to know. */
export interface TrainerSpec {
  readonly v: 1;
  readonly model: string;
  readonly method: Method;
  readonly args: RunSpec['args'];
  readonly peft: RunSpec['peft'];
  readonly packing: Packing | null;
  /** Tokens; rows in train.arrow are cut to it. */
  readonly maxLength: number;
  readonly rowLoss: boolean;
  /** Rows of train.arrow, from 0. */
  readonly watch: readonly number[];
  /** Ranks that were asked for; null where `auto` lets the target decide. */
  readonly worldSize: number | null;
  /** Seconds between two heartbeats. */
  readonly heartbeat: number;
  /** Rows of eval.arrow whose prompts are answered at the end by base and tuned model; 0: none. */
  readonly prompts: number;
  readonly maxNewTokens: number;
  /** Ids that end an answer, besides the model's own: the end-of-turn tokens that the rows train. */
  readonly stopIds: readonly number[];
  /** The tiny random model of the demo, made by train.py itself; null: a real model. */
  readonly tiny: { readonly vocabSize: number; readonly seed: number } | null;
}

export interface SplitManifest {
  readonly file: string;
  readonly source: string;
  /** Of the dataset file. */
  readonly sha256: string;
  /** Of the Arrow file: the trainer compares it before the first step. */
  readonly arrowSha256: string;
  readonly rows: number;
  readonly written: number;
  readonly withoutLabel: number;
  readonly unreadable: number;
  readonly tokens: number;
  readonly trained: number;
  /** Tokens cut off by maxLength. */
  readonly truncated: number;
  /** Tokens of the longest row, after the cut. */
  readonly longest: number;
  readonly maxId: number;
}

export interface RunManifest {
  readonly v: 1;
  readonly method: Method;
  readonly format: string;
  readonly tokenizer: string;
  readonly tokenizerSha256: string | null;
  readonly chatTemplateSha256: string | null;
  /** Of the mask policy as canonical JSON. */
  readonly maskSha256: string;
  readonly train: SplitManifest;
  readonly eval: SplitManifest | null;
}
