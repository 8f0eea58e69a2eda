import {
  Selection,
  type TextDocument,
  type TextEditor,
  TextEditorRevealType,
  type Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import type { Problem } from '../core/checks/problem.ts';
import type { Range } from '../core/jsonl/value.ts';
import type { DatasetDocument } from './dataset-document.ts';
import { toRange } from './diagnostics.ts';
import { count } from './rows/words.ts';

/** The visible editor of a document, or a new one. */
export async function editorOf(uri: Uri, focus: boolean): Promise<TextEditor> {
  const visible = window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
  const document: TextDocument = visible?.document ?? (await workspace.openTextDocument(uri));
  if (visible !== undefined && !focus) return visible;
  return window.showTextDocument(document, {
    viewColumn: visible?.viewColumn ?? ViewColumn.One,
    preserveFocus: !focus,
  });
}

/** Selects a range of a row's text (UTF-16 units) in the JSON editor. */
export async function revealRange(dataset: DatasetDocument, row: number, range: Range, focus: boolean): Promise<void> {
  const editor = await editorOf(dataset.document.uri, focus);
  const selected = toRange(dataset.rows.span(row, range));
  editor.selection = new Selection(selected.start, selected.end);
  editor.revealRange(selected, TextEditorRevealType.InCenterIfOutsideViewport);
}

/** The row of the cursor in a visible editor of the dataset; the first row when there is none. */
export function currentRow(dataset: DatasetDocument): number {
  const editor = window.visibleTextEditors.find(({ document }) => document === dataset.document);
  if (editor === undefined) return 0;
  const cursor = editor.selection.active;
  return dataset.rows.at(cursor)?.row ?? Math.min(dataset.rows.rowFrom(cursor.line), dataset.rows.count - 1);
}

export async function goToRow(dataset: DatasetDocument, row: number, focus: boolean): Promise<void> {
  const last = dataset.rows.count - 1;
  if (last >= 0) await revealRange(dataset, Math.max(0, Math.min(last, row)), [0, 0], focus);
}

/** The next (or previous) problem from the cursor on, of all problems and not only of the listed ones; wraps around. */
export async function goToProblem(dataset: DatasetDocument, step: 1 | -1, focus: boolean): Promise<void> {
  const editor = window.visibleTextEditors.find(({ document }) => document === dataset.document);
  const cursor = editor === undefined ? null : dataset.rows.at(editor.selection.start);
  const found = nextProblem(dataset, cursor ?? { row: currentRow(dataset), offset: -1 }, step);
  if (found !== null) {
    await revealRange(dataset, found.row, found.problem.range, focus);
    return;
  }
  const totals = dataset.totals;
  const all = totals !== null && totals.checked === totals.rows;
  window.setStatusBarMessage(
    all ? 'No problem in this file.' : `No problem in the ${count(totals?.checked ?? 0)} rows checked so far.`,
    4000,
  );
}

function nextProblem(
  dataset: DatasetDocument,
  from: { readonly row: number; readonly offset: number },
  step: 1 | -1,
): { readonly row: number; readonly problem: Problem } | null {
  const rows = dataset.rows.count;
  for (let away = 0; away <= rows; away++) {
    const row = (((from.row + step * away) % rows) + rows) % rows;
    const ordered = [...dataset.problems(row)].sort((a, b) => step * (a.range[0] - b.range[0]));
    const problem = ordered.find(({ range }) => away > 0 || step * (range[0] - from.offset) > 0);
    if (problem !== undefined) return { row, problem };
  }
  return null;
}
