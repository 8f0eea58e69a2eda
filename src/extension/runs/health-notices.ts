import type { HealthNotice } from '../../core/run-protocol.ts';
import { type HealthMonitor, healthMonitor } from '../../core/runs/health.ts';
import type { SeriesCursor } from '../../core/runs/series.ts';
import type { FollowedRun } from './followed-run.ts';

interface Watch {
  readonly monitor: HealthMonitor;
  readonly cursor: SeriesCursor;
}

const watches = new WeakMap<FollowedRun, Watch>();

/** What a doctor would say of a run, worst first. Each point is looked at once. `now`: milliseconds since 1970. */
export function healthNotices(run: FollowedRun, now: number): readonly HealthNotice[] {
  const { reducer, facts } = run.events;
  let watch = watches.get(run);
  if (watch === undefined) {
    watch = { monitor: healthMonitor(), cursor: reducer.cursor() };
    watches.set(run, watch);
  }
  const from = watch.cursor.skip();
  const { spec } = run.record;
  return watch.monitor.update(
    {
      series: reducer.view(),
      begin: facts.begin,
      worldSizeAsked: spec.gpus === 'auto' ? null : Math.max(1, spec.gpus) * Math.max(1, spec.nodes),
      running: run.status.state === 'running',
      step: facts.step,
      now: now / 1000,
      stepTime: facts.stepTime,
      lastEvent: facts.lastEvent,
      hasRows: (step) => reducer.batches.has(step),
      trains: reducer.batches.trains,
    },
    from,
  );
}
