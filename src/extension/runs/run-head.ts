import type { RunHead } from '../../core/run-protocol.ts';
import { millisecondsLeft } from '../../core/runs/progress.ts';
import { isOver } from '../../core/runs/state.ts';
import type { FollowedRun } from './followed-run.ts';
import { healthNotices } from './health-notices.ts';

/** What the header of the dashboard says of a run. `now`: milliseconds since 1970. */
export function headOf(run: FollowedRun, now = Date.now()): RunHead {
  const { events, record, status } = run;
  const { facts } = events;
  const over = isOver(status.state);
  const last = seconds(facts.lastEvent);
  return {
    record,
    status,
    step: run.step,
    maxSteps: run.maxSteps,
    epoch: facts.epoch,
    epochs: facts.begin?.epochs ?? null,
    worldSize: facts.begin?.world_size ?? null,
    deviceName: facts.begin?.device_name || null,
    attempt: facts.attempt,
    // Of some foreign files no time is known.
    started: seconds(facts.started),
    ended: over ? (last ?? (run.imported ? null : status.seen)) : null,
    left: status.state === 'running' ? millisecondsLeft(events.reducer.view(), facts, now) : null,
    lastEvent: last,
    gpus: facts.gpus,
    notices: healthNotices(run, now),
    compared: facts.compare !== null || run.comparisons > 0,
    checkpoints: facts.saves.map(({ path }) => path),
  };
}

const seconds = (time: number | null): number | null => (time === null || Number.isNaN(time) ? null : time * 1000);
