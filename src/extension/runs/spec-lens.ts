import { CodeLens, type CodeLensProvider, EventEmitter, Range, type TextDocument } from 'vscode';
import { isOver } from '../../core/runs/state.ts';
import { COMMANDS } from '../contributions.ts';
import { Disposables } from '../disposables.ts';
import { Throttled } from '../timing.ts';
import type { RunManager } from './run-manager.ts';
import { actionsOf } from './run-tree.ts';
import { description } from './run-words.ts';

const INTERVAL = 2000;

/** What can be done with a run spec, above its first line only. */
export class SpecLens implements CodeLensProvider {
  readonly #manager: RunManager;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(manager: RunManager) {
    this.#manager = manager;
    const throttled = this.#owned.add(new Throttled(() => this.#changed.fire(), INTERVAL));
    this.#owned.add(manager.onDidChange(() => throttled.schedule()));
    this.#owned.add(manager.onDidChangeRuns(() => throttled.now()));
  }

  provideCodeLenses({ uri }: TextDocument): CodeLens[] {
    const runs = this.#manager.of(uri.fsPath);
    const [last] = runs;
    const lens = (title: string, command: string, argument: string): CodeLens =>
      new CodeLens(FIRST_LINE, { title, command, arguments: [argument] });
    const spec = uri.toString();
    const goesOn = last !== undefined && !isOver(last.status.state);
    return [
      ...(goesOn
        ? [lens('Stop with checkpoint', COMMANDS.stopRun, last.id)]
        : [lens('Start', COMMANDS.startRun, spec)]),
      ...(last !== undefined && actionsOf(last).includes('resumable')
        ? [lens('Resume', COMMANDS.resumeRun, last.id)]
        : []),
      lens('Dry run', COMMANDS.dryRun, spec),
      lens(
        last === undefined ? 'Open dashboard' : `Open dashboard: ${description(last)}`,
        COMMANDS.openRun,
        last?.id ?? '',
      ),
    ];
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

const FIRST_LINE = new Range(0, 0, 0, 0);
