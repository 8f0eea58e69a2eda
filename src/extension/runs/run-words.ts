import { inside } from '../../core/runs/progress.ts';
import type { RunState } from '../../core/runs/state.ts';
import { count } from '../rows/words.ts';
import type { FollowedRun } from './followed-run.ts';

export type RunGroup = 'running' | 'waiting' | 'unknown' | 'ended';

export const GROUPS: readonly { readonly id: RunGroup; readonly label: string }[] = [
  { id: 'running', label: 'Running' },
  { id: 'waiting', label: 'Waiting' },
  { id: 'unknown', label: 'Not seen' },
  { id: 'ended', label: 'Ended' },
];

export function groupOf(state: RunState): RunGroup {
  switch (state) {
    case 'running':
    case 'stopping':
      return 'running';
    case 'preparing':
    case 'queued':
      return 'waiting';
    case 'unknown':
      return 'unknown';
    default:
      return 'ended';
  }
}

/** "loss 0.85": two digits after the point, more where it is tiny, fewer where it is big. */
export function lossText(loss: number | null): string | null {
  if (loss === null) return null;
  if (!Number.isFinite(loss)) return `loss ${Number.isNaN(loss) ? 'NaN' : '∞'}`;
  return `loss ${Math.abs(loss) < 0.01 && loss !== 0 ? loss.toPrecision(2) : loss.toFixed(Math.abs(loss) < 100 ? 2 : 0)}`;
}

/** "3 min", "2 h", "4 days": how long ago, in words that do not change every second. */
export function ago(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h`;
  const days = Math.round(seconds / 86_400);
  return `${days} ${days === 1 ? 'day' : 'days'}`;
}

type Shown = Pick<FollowedRun, 'status' | 'step' | 'maxSteps' | 'loss' | 'imported'>;

/** What stands behind a run's name in the tree: "412 of 1,503 · loss 0.85". */
export function description(run: Shown, now = Date.now()): string {
  const { status, step, maxSteps } = run;
  const loss = lossText(run.loss);
  const done = maxSteps === null ? (step > 0 ? `step ${count(step)}` : null) : `${count(step)} of ${count(maxSteps)}`;
  const parts = (...texts: readonly (string | null)[]): string => texts.filter((text) => text !== null).join(' · ');
  switch (status.state) {
    case 'preparing': {
      const now = status.steps.find(({ state }) => state === 'running');
      return now === undefined ? 'preparing' : parts(now.title.toLowerCase(), now.detail || null);
    }
    case 'queued':
      return status.reason === null ? 'waits' : inside(status.reason);
    case 'running':
      return parts(done ?? 'starting', loss);
    case 'stopping':
      return parts('stopping', done, loss);
    case 'unknown':
      return `last seen ${ago(now - status.seen)} ago`;
    case 'succeeded':
      return parts(loss ?? 'done', run.imported ? 'imported' : null);
    case 'stopped':
      return parts(`stopped, step ${count(step)}`, loss);
    case 'failed':
      return `${status.reason === null ? 'failed' : inside(status.reason)}, step ${count(step)}`;
    case 'lost':
      return `ended without a word, step ${count(step)}`;
  }
}
