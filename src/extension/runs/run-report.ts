import type { RunsReport } from '../api.ts';
import type { RunManager } from './run-manager.ts';
import type { RunPanels } from './run-panels.ts';
import type { RunStatusBar } from './run-status-bar.ts';
import type { RunTree } from './run-tree.ts';
import { description, GROUPS } from './run-words.ts';

/** What is shown of training runs, for the extension's own API. */
export const reportOf = (
  manager: RunManager,
  panels: RunPanels,
  statusBar: RunStatusBar,
  tree: RunTree,
): RunsReport => ({
  runs: manager.all.map((run) => ({
    id: run.id,
    name: run.record.name,
    state: run.status.state,
    step: run.step,
    loss: run.loss,
    points: run.events.reducer.view().steps.length,
    reason: run.status.reason,
  })),
  dashboards: panels.open.map((run) => run?.id ?? null),
  statusBar: statusBar.text,
  tree: tree.getChildren().map((node) => ({
    group: 'group' in node ? (GROUPS.find(({ id }) => id === node.group)?.label ?? '') : '',
    runs: tree
      .getChildren(node)
      .flatMap((child) => ('run' in child ? `${child.run.record.name} ${description(child.run)}` : [])),
  })),
});
