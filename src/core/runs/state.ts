import type { ErrorEvent } from './events.ts';

/** `unknown` is not `failed`: the target did not answer, and the run goes on there if the machine is up. */
export type RunState =
  | 'preparing'
  | 'queued'
  | 'running'
  | 'stopping'
  | 'succeeded'
  | 'failed'
  | 'stopped'
  | 'lost'
  | 'unknown';

/** A state as people read it. */
export const stateWord = (state: RunState): string =>
  ({
    preparing: 'Preparing',
    queued: 'Waiting in a queue',
    running: 'Running',
    stopping: 'Stopping',
    succeeded: 'Ended',
    failed: 'Failed',
    stopped: 'Stopped',
    lost: 'Lost',
    unknown: 'Not seen',
  })[state];

export const isOver = (state: RunState): boolean =>
  state === 'succeeded' || state === 'failed' || state === 'stopped' || state === 'lost';

/** What is known of a run besides its events. */
export interface RunStatus {
  readonly state: RunState;
  /** Milliseconds since 1970 of the last answer of the target. */
  readonly seen: number;
  /** Where `state` is `unknown`: the state before. */
  readonly last: RunState | null;
  /** A sentence: why it waits, why it ended, why the target does not answer. */
  readonly reason: string | null;
  /** What to do about it; a sentence. */
  readonly remedy: string | null;
  /** Exit code of the trainer, or of torchrun. */
  readonly code: number | null;
  readonly error: Pick<ErrorEvent, 'type' | 'message' | 'rank'> | null;
  /** While it is `unknown`: milliseconds since 1970 of the next try. */
  readonly nextTry: number | null;
  /** While it is `preparing`: the steps, in order. */
  readonly steps: readonly PrepareStep[];
}

/** A status of which nothing more is known. */
export const plainStatus = (state: RunState, seen: number): RunStatus => ({
  state,
  seen,
  last: null,
  reason: null,
  remedy: null,
  code: null,
  error: null,
  nextTry: null,
  steps: [],
});

export interface PrepareStep {
  readonly title: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** "41 of 63", "126 MB". */
  readonly detail: string;
}
