import type { RunState } from '../../core/runs/state.ts';
import { isOver } from '../../core/runs/state.ts';

export interface PollSituation {
  readonly state: RunState;
  /** The run is on another machine: each look is a connection. */
  readonly remote: boolean;
  /** A person sees its dashboard. */
  readonly visible: boolean;
  /** The last poll said that there is more to read right now. */
  readonly more: boolean;
  /** Polls since the target last answered. */
  readonly failures: number;
}

/** A first point is to be seen within a second of being written: half of it is left for reading and drawing. */
const LOCAL_VISIBLE = 450;
const LOCAL_HIDDEN = 2000;
const REMOTE_VISIBLE = 1500;
const REMOTE_HIDDEN = 20_000;
/** A job in a queue does not change every second. */
const QUEUED = 5000;
const FIRST_RETRY = 5000;
const LONGEST_RETRY = 300_000;

/** Milliseconds until the next look at a run; null: it is over, and nothing will change. */
export function pollDelay({ state, remote, visible, more, failures }: PollSituation): number | null {
  if (more) return 0;
  if (failures > 0) return Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (failures - 1));
  if (isOver(state)) return null;
  const usual = remote ? (visible ? REMOTE_VISIBLE : REMOTE_HIDDEN) : visible ? LOCAL_VISIBLE : LOCAL_HIDDEN;
  return state === 'queued' ? Math.max(usual, QUEUED) : usual;
}
