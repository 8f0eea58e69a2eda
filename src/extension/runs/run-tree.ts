import {
  type Command,
  type Event,
  EventEmitter,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeView,
} from 'vscode';
import { type RunState, stateWord } from '../../core/runs/state.ts';
import { COMMANDS } from '../contributions.ts';
import { Disposables } from '../disposables.ts';
import { counted, plainMarkdown } from '../rows/words.ts';
import { Throttled } from '../timing.ts';
import type { FollowedRun } from './followed-run.ts';
import type { RunManager } from './run-manager.ts';
import { description, GROUPS, groupOf, type RunGroup } from './run-words.ts';
import { targetWords } from './targets.ts';

export type RunNode = { readonly group: RunGroup } | { readonly run: FollowedRun };

/** Milliseconds between two drawings: a loss that changes with each step would flicker. */
const INTERVAL = 500;
/** "Last seen 3 min ago" grows older by itself. */
const AGING = 30_000;

/** The tree of runs, grouped by state, and its badge: how many are active. */
export class RunTree {
  readonly #manager: RunManager;
  readonly #view: TreeView<RunNode>;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new EventEmitter<RunNode | undefined>());
  readonly #drawing = this.#owned.add(new Throttled(() => this.#draw(), INTERVAL));
  readonly onDidChangeTreeData: Event<RunNode | undefined> = this.#changed.event;

  constructor(manager: RunManager, view: TreeView<RunNode>) {
    this.#manager = manager;
    this.#view = view;
    this.#owned.add(manager.onDidChange(() => this.#drawing.schedule()));
    this.#owned.add(manager.onDidChangeRuns(() => this.#drawing.schedule()));
    const aging = setInterval(() => {
      if (manager.all.some(({ status }) => status.state === 'unknown')) this.#drawing.schedule();
    }, AGING);
    this.#owned.add({ dispose: () => clearInterval(aging) });
    this.#draw();
  }

  getChildren(node?: RunNode): RunNode[] {
    const runs = this.#manager.all;
    if (node === undefined)
      return GROUPS.filter(({ id }) => runs.some(({ status }) => groupOf(status.state) === id)).map(({ id }) => ({
        group: id,
      }));
    return 'group' in node
      ? runs.filter(({ status }) => groupOf(status.state) === node.group).map((run) => ({ run }))
      : [];
  }

  getTreeItem(node: RunNode): TreeItem {
    return 'group' in node ? groupItem(node.group) : runItem(node.run);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #draw(): void {
    const active = this.#manager.all.filter(({ status }) => groupOf(status.state) !== 'ended').length;
    this.#view.badge =
      active === 0 ? undefined : { value: active, tooltip: `SFT Lens, ${counted(active, 'run')} active` };
    this.#changed.fire(undefined);
  }
}

function groupItem(group: RunGroup): TreeItem {
  const item = new TreeItem(GROUPS.find(({ id }) => id === group)?.label ?? group, TreeItemCollapsibleState.Expanded);
  item.id = `group:${group}`;
  item.contextValue = 'group';
  return item;
}

function runItem(run: FollowedRun): TreeItem {
  const { record, status } = run;
  const item = new TreeItem(record.name, TreeItemCollapsibleState.None);
  const words = description(run);
  item.id = record.id;
  item.description = words;
  item.iconPath = ICONS[status.state]();
  item.contextValue = ['run', ...actionsOf(run)].join(' ');
  item.command = { command: COMMANDS.openRun, title: 'Open Run Dashboard', arguments: [record.id] } satisfies Command;
  item.accessibilityInformation = { label: `${record.name}, ${stateWord(status.state)}, ${words}` };
  item.tooltip = tooltip(run);
  return item;
}

function tooltip({ record, status, imported }: FollowedRun): MarkdownString {
  const { spec, target } = record;
  const lines = [
    `**${plainMarkdown(record.name)}**: ${stateWord(status.state).toLowerCase()}`,
    ...[status.reason, status.remedy].filter((text) => text !== null).map(plainMarkdown),
    imported
      ? `Imported from ${plainMarkdown(record.folder)}`
      : `${plainMarkdown(spec.method)} on ${plainMarkdown(spec.model)}, ${plainMarkdown(target.name === 'local' ? targetWords(target) : target.name)}`,
    `Started ${plainMarkdown(new Date(record.created).toLocaleString('en'))}`,
  ];
  return new MarkdownString(lines.join('\n\n'));
}

/** What can be done to a run: words of the context value that menus look for. */
export function actionsOf({ status, lastState, imported, over }: FollowedRun): readonly string[] {
  if (imported) return ['removable'];
  const live = lastState === 'running' || lastState === 'queued' || status.state === 'unknown';
  return [
    ...(lastState === 'running' || (lastState === 'unknown' && !over) ? ['stoppable'] : []),
    ...(live || lastState === 'stopping' || lastState === 'preparing' ? ['killable'] : []),
    ...(status.state === 'stopped' || status.state === 'failed' || status.state === 'lost' ? ['resumable'] : []),
    ...(status.state === 'succeeded' || status.state === 'stopped' ? ['comparable'] : []),
    ...(over || lastState === 'running' ? ['fetchable'] : []),
    ...(over ? ['removable'] : []),
  ];
}

const icon = (name: string, color?: string) => (): ThemeIcon =>
  color === undefined ? new ThemeIcon(name) : new ThemeIcon(name, new ThemeColor(color));

const ICONS: Readonly<Record<RunState, () => ThemeIcon>> = {
  preparing: icon('loading~spin'),
  queued: icon('clock'),
  running: icon('play-circle', 'charts.green'),
  stopping: icon('debug-pause'),
  succeeded: icon('pass'),
  failed: icon('error', 'list.errorForeground'),
  stopped: icon('circle-slash'),
  lost: icon('question'),
  unknown: icon('debug-disconnect', 'list.warningForeground'),
};
