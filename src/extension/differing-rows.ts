import { type QuickPickItem, window } from 'vscode';
import type { RowDiff } from '../core/mask/row-diff.ts';
import type { DatasetDocument } from './dataset-document.ts';
import type { MaskPair } from './mask-choices.ts';
import { goToRow } from './navigation.ts';
import { count, counted } from './rows/words.ts';

/** Rows of a list to go through. */
const LISTED = 1000;
/** UTF-16 units of a row's text that the list shows. */
const SHOWN = 160;

/** The rows that two masks differ on, as a list; each is shown in the editor while the list is gone through. */
export async function listDiffering(
  dataset: DatasetDocument,
  pair: MaskPair,
  rows: readonly (readonly [row: number, diff: RowDiff])[],
  show: (row: number) => void,
): Promise<void> {
  const picker = window.createQuickPick<QuickPickItem & { readonly row: number }>();
  const more = rows.length > LISTED ? `; the first ${count(LISTED)}` : '';
  picker.title = `${pair.first.label} and ${pair.second.label}: ${counted(rows.length, 'row')}, most tokens first${more}`;
  picker.placeholder = 'A row is shown in the dataset as you go through the list';
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.items = rows.slice(0, LISTED).map(([row, diff]) => ({
    row,
    label: `Row ${count(row + 1)}`,
    description: words(diff, pair),
    detail: dataset.rows.text(row).slice(0, SHOWN),
  }));
  await new Promise<void>((resolve) => {
    const go = (row: number, focus: boolean): void => {
      void goToRow(dataset, row, focus);
      show(row);
    };
    picker.onDidChangeActive(([item]) => item && go(item.row, false));
    picker.onDidAccept(() => {
      const [item] = picker.activeItems;
      picker.hide();
      if (item !== undefined) go(item.row, true);
    });
    picker.onDidHide(() => {
      picker.dispose();
      resolve();
    });
    picker.show();
  });
}

function words({ onlyA, onlyB, otherTokens }: RowDiff, { first, second }: MaskPair): string {
  if (otherTokens) return 'printed by different templates';
  return [
    onlyA > 0 ? `${counted(onlyA, 'token')} only ${first.label}` : '',
    onlyB > 0 ? `${counted(onlyB, 'token')} only ${second.label}` : '',
  ]
    .filter((text) => text !== '')
    .join(', ');
}
