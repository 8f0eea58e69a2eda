import { commands, type QuickPickItem, Range, Selection, Uri, ViewColumn, window } from 'vscode';
import { numberOf } from '../../core/runs/read-events.ts';
import type { Datasets } from '../datasets.ts';
import type { Inspector } from '../inspector.ts';
import { goToRow } from '../navigation.ts';
import { count, counted } from '../rows/words.ts';
import type { FollowedRun } from './followed-run.ts';
import { lossText } from './run-words.ts';
import { stepLines, textsOf } from './step-rows.ts';

export interface OpenParts {
  readonly datasets: Datasets;
  readonly inspector: Inspector;
}

/** Rows of a list to go through; texts of more would take too long. */
const LISTED = 500;
/** Milliseconds until a file that was just opened is known as a dataset. */
const KNOWN_AFTER = 50;

/** Selects a line (from 1) of a dataset file in the editor; the inspector follows. */
export async function openLine(parts: OpenParts, path: string, line: number, focus: boolean): Promise<void> {
  const uri = Uri.file(path);
  const at = Math.max(0, line - 1);
  try {
    const visible = window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
    const editor = await window.showTextDocument(uri, {
      preserveFocus: !focus,
      preview: false,
      // From the dashboard the rows open beside it: one looks from the curve to the row and back.
      viewColumn:
        visible?.viewColumn ?? (window.activeTextEditor === undefined ? ViewColumn.Beside : ViewColumn.Active),
    });
    const { range } = editor.document.lineAt(Math.min(at, editor.document.lineCount - 1));
    editor.selection = new Selection(range.start, range.start);
    editor.revealRange(range);
    await new Promise((resolve) => setTimeout(resolve, KNOWN_AFTER));
    const dataset = parts.datasets.get(uri);
    if (dataset === undefined) return;
    const row = dataset.rows.rowFrom(Math.min(at, editor.document.lineCount - 1));
    await goToRow(dataset, row, focus);
    // An open inspector follows, also where following the cursor is off; none is opened over the plots.
    if (parts.inspector.dataset !== undefined) await parts.inspector.show(dataset, row);
  } catch {
    // A file above 50 MB is not given to extensions: the editor itself can still go there.
    await commands.executeCommand('vscode.open', uri, { selection: new Range(at, 0, at, 0), preview: false });
  }
}

/** The rows of a step as a list; each is shown in the dataset while the list is gone through. */
export async function openAllRows(parts: OpenParts, run: FollowedRun, step: number): Promise<void> {
  const rows = stepLines(run, step);
  const shown = rows.slice(0, LISTED);
  const path = run.record.trainPath;
  const texts = await textsOf(
    path,
    shown.map(({ line }) => line),
  );
  const picker = window.createQuickPick<QuickPickItem & { readonly line: number }>();
  picker.title = `Step ${count(step)}: ${counted(rows.length, 'row')}, worst first${rows.length > LISTED ? `; the first ${LISTED}` : ''}`;
  picker.placeholder = 'A row is shown in the dataset as you go through the list';
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.items = shown.map(({ line, loss, trained }) => ({
    line,
    label: `Line ${count(line)}`,
    description: [
      loss === null ? null : lossText(numberOf(loss)),
      trained === null ? null : `${counted(trained, 'token')} trained`,
    ]
      .filter((part) => part !== null)
      .join(', '),
    detail: texts.get(line) ?? '',
  }));
  await new Promise<void>((resolve) => {
    picker.onDidChangeActive(([item]) => item && void openLine(parts, path, item.line, false));
    picker.onDidAccept(() => {
      const [item] = picker.activeItems;
      picker.hide();
      if (item !== undefined) void openLine(parts, path, item.line, true);
    });
    picker.onDidHide(() => {
      picker.dispose();
      resolve();
    });
    picker.show();
  });
}
