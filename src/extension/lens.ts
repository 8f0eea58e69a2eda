import { CodeLens, type CodeLensProvider, EventEmitter, Range, type TextDocument } from 'vscode';
import { COMMANDS, SETTINGS } from './contributions.ts';
import type { Datasets } from './datasets.ts';
import { Disposables } from './disposables.ts';
import { readSetting } from './editor-api.ts';
import { lensTitles } from './rows/lens-titles.ts';
import { Throttled } from './timing.ts';

/** Milliseconds between two drawings while the counts still grow. */
const INTERVAL = 1000;

/** The totals of the file, above line 1 only: a lens further down would move the text. */
export class TotalsLens implements CodeLensProvider {
  readonly #datasets: Datasets;
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.add(new EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(datasets: Datasets) {
    this.#datasets = datasets;
    const throttled = this.#owned.add(new Throttled(() => this.#changed.fire(), INTERVAL));
    this.#owned.add(datasets.onDidChange(() => throttled.schedule()));
  }

  provideCodeLenses(document: TextDocument): CodeLens[] {
    const totals = this.#datasets.get(document.uri)?.totals ?? null;
    if (totals === null || totals.rows === 0 || !readSetting(SETTINGS.lensEnabled, document.uri)) return [];
    const titles = lensTitles(totals);
    const lens = (title: string, command: string): CodeLens => new CodeLens(FIRST_LINE, { title, command });
    return [
      lens(titles.totals, COMMANDS.showTokenCounts),
      ...(titles.problems === null ? [] : [lens(titles.problems, COMMANDS.nextProblem)]),
      lens('Inspect', COMMANDS.inspectRow),
    ];
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

const FIRST_LINE = new Range(0, 0, 0, 0);
