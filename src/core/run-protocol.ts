import type { Figure, GpuFigures } from './runs/events.ts';
import type { RunRecord } from './runs/folder.ts';
import type { RunStatus } from './runs/state.ts';

/** Host <-> run dashboard. Numbers of the plots are columns, so that a million points travel and draw quickly. */

/** Columns are equally long; a gap is NaN. `x` are steps; tokens, epoch and time are columns like any other. */
export interface RunSeries {
  /** Steps at which TRL logged, rising. */
  readonly steps: Float64Array;
  /** By TRL's names: loss, learning_rate, grad_norm, mean_token_accuracy, tokens_per_second, tokens, epoch, time (s since 1970). */
  readonly columns: Readonly<Record<string, Float64Array>>;
  /** Eval points: step, TRL's eval_loss, mean over tokens. */
  readonly eval: { readonly steps: Float64Array; readonly loss: Float64Array; readonly tokenLoss: Float64Array };
  /** Heartbeats with GPU figures: seconds since 1970, bytes used (all GPUs), percent (mean). */
  readonly gpu: { readonly time: Float64Array; readonly memory: Float64Array; readonly utilization: Float64Array };
  readonly saves: readonly number[];
  /** Steps at which attempts began, the first left out. */
  readonly attempts: readonly number[];
}

export interface HealthNotice {
  /** `run/nan`, `run/spike`, ... */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'information';
  readonly message: string;
  readonly step: number | null;
  /** Rows of that step can be shown. */
  readonly rows: boolean;
}

/** What the header of the dashboard says. */
export interface RunHead {
  readonly record: RunRecord;
  readonly status: RunStatus;
  readonly step: number;
  readonly maxSteps: number | null;
  readonly epoch: number | null;
  readonly epochs: number | null;
  readonly worldSize: number | null;
  readonly deviceName: string | null;
  readonly attempt: number;
  /** Milliseconds since 1970. */
  readonly started: number | null;
  readonly ended: number | null;
  /** Milliseconds left; null where it cannot be said. */
  readonly left: number | null;
  /** Milliseconds since 1970 of the last event. */
  readonly lastEvent: number | null;
  readonly gpus: readonly GpuFigures[];
  readonly notices: readonly HealthNotice[];
  /** Whether before/after can be shown (`compare.json` is there) and which checkpoints there are. */
  readonly compared: boolean;
  readonly checkpoints: readonly string[];
}

/** A row of a step, worst first. */
export interface StepRow {
  /** Line of the training file, from 1. */
  readonly line: number;
  readonly loss: Figure | null;
  readonly tokens: number | null;
  /** Tokens [from, to) where the row was cut into pieces. */
  readonly piece: readonly [number, number] | null;
  /** The first characters of the row. */
  readonly text: string;
}

export interface StepDetail {
  readonly step: number;
  readonly loss: Figure | null;
  readonly gradNorm: Figure | null;
  readonly tokens: number | null;
  readonly packs: number;
  readonly rows: readonly StepRow[];
  readonly totalRows: number;
  /** The data file changed since the run began: lines may be others. */
  readonly dataChanged: boolean;
}

export interface SpecDifference {
  readonly key: string;
  readonly values: readonly string[];
}

export interface RunSummary {
  readonly id: string;
  readonly name: string;
  readonly state: RunStatus['state'];
}

export interface Overlay {
  readonly id: string;
  readonly name: string;
  readonly series: RunSeries;
  readonly differences: readonly SpecDifference[];
  /** Values that were compared. */
  readonly values: number;
}

export interface CompareView {
  readonly checkpoint: string;
  readonly prompts: readonly {
    readonly line: number;
    readonly prompt: string;
    readonly expected: string;
    readonly base: string;
    readonly tuned: string;
  }[];
  /** Rows of the eval set, worst first. */
  readonly worst: readonly StepRow[];
}

/** Host -> webview. */
export type RunEventMessage =
  | { readonly type: 'empty'; readonly dataset: string | null; readonly restricted: boolean }
  | { readonly type: 'head'; readonly head: RunHead }
  /** All of it; `append` messages follow. */
  | { readonly type: 'series'; readonly id: string; readonly series: RunSeries }
  /**
   * Points since the last message; where `from` is set, points at or after that step are replaced. `saves` and `attempts` are
   * all there are; a column that is missing on one side is a gap there.
   */
  | { readonly type: 'append'; readonly id: string; readonly from: number | null; readonly series: RunSeries }
  | { readonly type: 'overlays'; readonly overlays: readonly Overlay[] }
  /** The last lines of `out.log`, all of them each time. */
  | { readonly type: 'log'; readonly lines: readonly string[] }
  | { readonly type: 'compare'; readonly view: CompareView | null };

/**
 * `argument` of `dismiss-notice`: the notice's code, with `@STEP` behind it where it has a step. Of `start-again`: none,
 * or the value that the remedy names.
 */
export type RunCommand =
  | 'stop'
  | 'kill'
  | 'resume'
  | 'start-again'
  | 'retry-now'
  | 'cancel'
  | 'open-log'
  | 'open-spec'
  | 'open-folder'
  | 'new-run'
  | 'demo-run'
  | 'manage-trust'
  | 'compare-now'
  | 'fetch'
  | 'dismiss-notice';

/** Webview -> host. */
export interface RunRequests {
  readonly ready: { readonly request: { readonly state?: unknown }; readonly reply: null };
  readonly command: {
    readonly request: { readonly command: RunCommand; readonly argument?: string };
    readonly reply: null;
  };
  readonly step: { readonly request: { readonly step: number }; readonly reply: StepDetail };
  /** Opens the rows of a step in the dataset: one line, or all of them as a list to go through. */
  readonly openRows: {
    readonly request: { readonly step: number; readonly line: number | null };
    readonly reply: null;
  };
  readonly openLine: {
    readonly request: { readonly split: 'train' | 'eval'; readonly line: number };
    readonly reply: null;
  };
  readonly runs: { readonly request: null; readonly reply: readonly RunSummary[] };
  readonly overlay: { readonly request: { readonly ids: readonly string[] }; readonly reply: null };
  readonly compareSpecs: { readonly request: { readonly id: string }; readonly reply: null };
  /** CSV text or a PNG as base64: the host asks where to save it. */
  readonly save: {
    readonly request: { readonly kind: 'csv' | 'png'; readonly name: string; readonly content: string };
    readonly reply: null;
  };
  readonly wantLog: { readonly request: { readonly on: boolean }; readonly reply: null };
}
