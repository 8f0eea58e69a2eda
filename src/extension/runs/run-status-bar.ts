import { StatusBarAlignment, type StatusBarItem, window } from 'vscode';
import { COMMANDS } from '../contributions.ts';
import { Disposables } from '../disposables.ts';
import { assign } from '../editor-api.ts';
import { Throttled } from '../timing.ts';
import type { FollowedRun } from './followed-run.ts';
import type { RunManager } from './run-manager.ts';
import { description, groupOf, lossText } from './run-words.ts';

const INTERVAL = 1000;

/** The live run's loss; of several runs the one that began last. */
export class RunStatusBar {
  readonly #manager: RunManager;
  readonly #owned = new Disposables();
  readonly #item: StatusBarItem;
  #visible = false;

  constructor(manager: RunManager) {
    this.#manager = manager;
    this.#item = this.#owned.add(window.createStatusBarItem('sftLens.liveRun', StatusBarAlignment.Right, 102));
    this.#item.name = 'SFT Lens: Run';
    const drawing = this.#owned.add(new Throttled(() => this.#draw(), INTERVAL));
    this.#owned.add(manager.onDidChange(() => drawing.schedule()));
    this.#owned.add(manager.onDidChangeRuns(() => drawing.schedule()));
    this.#draw();
  }

  /** What is shown, for tests and screen readers alike; null where nothing is. */
  get text(): string | null {
    return this.#visible ? this.#item.text : null;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #draw(): void {
    const active = this.#manager.all.filter(({ status }) => groupOf(status.state) !== 'ended');
    const run = active.find(({ status }) => status.state === 'running' || status.state === 'stopping') ?? active[0];
    if (run === undefined) {
      if (this.#visible) this.#item.hide();
      this.#visible = false;
      return;
    }
    const words = `${run.record.name}: ${description(run)}`;
    assign(this.#item, {
      text: textOf(run),
      tooltip: words,
      command: { command: COMMANDS.openRun, title: 'Open Run Dashboard', arguments: [run.id] },
      accessibilityInformation: { label: `Run ${words}. Open Run Dashboard`, role: 'button' },
    });
    if (!this.#visible) this.#item.show();
    this.#visible = true;
  }
}

function textOf(run: FollowedRun): string {
  const loss = lossText(run.loss);
  switch (groupOf(run.status.state)) {
    case 'running':
      return `$(graph-line) ${loss?.replace('loss ', '') ?? 'starting'}`;
    case 'unknown':
      return '$(debug-disconnect) not seen';
    default:
      return run.status.state === 'queued' ? '$(clock) in the queue' : '$(loading~spin) preparing';
  }
}
