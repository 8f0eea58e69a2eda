import type { Overlay } from '../../core/run-protocol.ts';
import { specDifferences } from '../../core/runs/spec-diff.ts';
import type { FollowedRun } from './followed-run.ts';

/** Another run over the shown one: its points, and in what the specs differ. */
export function overlayOf(run: FollowedRun, other: FollowedRun): Overlay {
  return {
    id: other.id,
    name: other.record.name,
    series: other.events.reducer.view(),
    ...specDifferences([run.record.spec, other.record.spec]),
  };
}
