import type { RunHead } from '../../core/run-protocol.ts';
import { isOver } from '../../core/runs/state.ts';
import type { FollowedRun } from './followed-run.ts';
import { healthNotices } from './health-notices.ts';

/** Steps whose pace says how long the rest takes. */
const RECENT = 50;

/** What the header of the dashboard says of a run. `now`: milliseconds since 1970. */
export function headOf(run: FollowedRun, now = Date.now()): RunHead {
  const { events, record, status } = run;
  const { facts } = events;
  const over = isOver(status.state);
  const last = facts.lastEvent === null ? null : facts.lastEvent * 1000;
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
    started: facts.started === null ? null : facts.started * 1000,
    ended: over ? (last ?? status.seen) : null,
    left: status.state === 'running' ? millisecondsLeft(run) : null,
    lastEvent: last,
    gpus: facts.gpus,
    notices: healthNotices(run, now),
    compared: facts.compare !== null,
    checkpoints: facts.saves.map(({ path }) => path),
  };
}

/** By the pace of the last steps: the first ones of an attempt are slow. */
function millisecondsLeft({ events }: FollowedRun): number | null {
  const { step, maxSteps, facts } = events;
  if (maxSteps === null || step === 0 || facts.begin === null) return null;
  const { steps, columns } = events.reducer.view();
  const time = columns['time'];
  const last = steps.length - 1;
  // Points of an earlier attempt say nothing: between two attempts a run may wait for days.
  let first = last;
  while (first > 0 && last - first < RECENT && (steps[first - 1] ?? 0) > facts.from) first--;
  const passed = (time?.[last] ?? Number.NaN) - (time?.[first] ?? Number.NaN);
  const done = (steps[last] ?? 0) - (steps[first] ?? 0);
  const left = (passed / done) * Math.max(0, maxSteps - step) * 1000;
  return done > 0 && Number.isFinite(left) ? left : null;
}
