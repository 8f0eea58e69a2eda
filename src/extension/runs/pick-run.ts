import { type QuickPickItem, window } from 'vscode';
import { stateWord } from '../../core/runs/state.ts';
import type { FollowedRun } from './followed-run.ts';
import type { RunManager } from './run-manager.ts';
import type { RunNode } from './run-tree.ts';
import { description } from './run-words.ts';

/** The run that a command is about: named by its argument (an id, a node of the tree), the only one, or asked for. */
export async function runOf(
  manager: RunManager,
  argument: unknown,
  title: string,
  suits: (run: FollowedRun) => boolean = () => true,
): Promise<FollowedRun | undefined> {
  if (typeof argument === 'string') return manager.get(argument);
  if (isRunNode(argument)) return argument.run;
  const runs = manager.all.filter(suits);
  if (runs.length === 0) {
    void window.showInformationMessage(`${title}: no run is in a state for it.`);
    return undefined;
  }
  if (runs.length === 1) return runs[0];
  const items = runs.map((run): QuickPickItem & { readonly run: FollowedRun } => ({
    run,
    label: run.record.name,
    description: description(run),
    detail: `${stateWord(run.status.state)} · ${new Date(run.record.created).toLocaleString('en')}`,
  }));
  return (await window.showQuickPick(items, { title, matchOnDescription: true }))?.run;
}

const isRunNode = (value: unknown): value is Extract<RunNode, { run: unknown }> =>
  typeof value === 'object' && value !== null && 'run' in value;
