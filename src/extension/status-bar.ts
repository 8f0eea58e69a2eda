import { StatusBarAlignment, type StatusBarItem, window } from 'vscode';
import { COMMANDS } from './contributions.ts';
import type { Datasets } from './datasets.ts';
import { Disposables } from './disposables.ts';
import { assign } from './editor-api.ts';
import { rowLabel, rowSentence } from './rows/row-counts.ts';

/** The numbers of the cursor's row: text past column 10,000 cannot be hovered, so they stand here too. */
export class RowStatus {
  readonly #datasets: Datasets;
  readonly #owned = new Disposables();
  readonly #item: StatusBarItem;
  #visible = false;

  constructor(datasets: Datasets) {
    this.#datasets = datasets;
    this.#item = this.#owned.add(window.createStatusBarItem('sftLens.row', StatusBarAlignment.Right, 101));
    this.#item.name = 'SFT Lens: Row';
    this.#item.command = COMMANDS.inspectRow;
    this.#item.tooltip = 'Inspect row';
    const update = (): void => this.#update();
    this.#owned.add(window.onDidChangeTextEditorSelection(update));
    this.#owned.add(window.onDidChangeActiveTextEditor(update));
    this.#owned.add(datasets.onDidChange(update));
    update();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #update(): void {
    const dataset = this.#datasets.active;
    const cursor = window.activeTextEditor?.selection.active;
    const row = cursor === undefined ? undefined : dataset?.rows.at(cursor)?.row;
    if (dataset === undefined || row === undefined) {
      this.#setVisible(false);
      return;
    }
    const summary = dataset.summary(row);
    const counts = summary?.counts;
    // While a changed row is analysed, the last numbers stay: nothing flickers with each key.
    if (counts === undefined) return;
    const unread = counts.tokens === 0 && summary?.problems.some(({ code }) => code === 'json/syntax') === true;
    const label = unread ? `Row ${row + 1} is not JSON. Inspect row` : rowLabel(row, counts);
    assign(this.#item, {
      text: unread ? 'Not JSON' : rowSentence(counts),
      accessibilityInformation: { label, role: 'button' },
    });
    this.#setVisible(true);
  }

  #setVisible(visible: boolean): void {
    if (visible === this.#visible) return;
    this.#visible = visible;
    if (visible) this.#item.show();
    else this.#item.hide();
  }
}
