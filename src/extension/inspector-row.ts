import { basename } from 'node:path';
import { workspace } from 'vscode';
import type { RowDetail } from '../core/analysis-types.ts';
import type { InspectorRow, TokenLoss } from '../core/protocol.ts';
import type { Analysis, DatasetDocument } from './dataset-document.ts';

/** UTF-16 units on each side of the place of a JSON error. */
const AROUND = 40;

/** Everything that one drawing of the inspector needs. `good`: the last detail of this row that could be read. */
export function inspectorRow(
  dataset: DatasetDocument,
  analysis: Analysis,
  row: number,
  detail: RowDetail,
  good: RowDetail | null,
  loss: TokenLoss | null,
): InspectorRow {
  const problems = dataset.problems(row);
  const syntax = detail.problems.find(({ code }) => code === 'json/syntax');
  const text = dataset.rows.text(row);
  return {
    uri: dataset.document.uri.toString(),
    file: basename(dataset.document.uri.path),
    row: row + 1,
    rows: dataset.rows.count,
    format: detail.format,
    // While the JSON is broken, the last good view stays; the excerpt says that it is old.
    detail: syntax !== undefined && good !== null ? { ...good, problems: detail.problems } : detail,
    problems: problems.length > 0 ? problems : detail.problems,
    excerpt: syntax === undefined ? null : excerptOf(text, syntax.range),
    maxLength: analysis.project.settings.maxLength,
    restricted: !workspace.isTrusted && analysis.project.untrusted.length > 0,
    ...maskNotes(analysis, dataset.resolved?.maskNote ?? null),
    ...(loss === null || syntax !== undefined ? {} : { loss }),
  };
}

/** The trainer's file that the mask is of, what the trainer does with the text, and what cannot be followed of the file. */
function maskNotes({ project: { maskFile } }: Analysis, ofTrainer: string | null): Pick<InspectorRow, 'maskNotes'> {
  const notes = [
    ...(maskFile === null ? [] : [`Loss mask of ${maskFile.origin}.`]),
    ...(ofTrainer === null ? [] : [ofTrainer]),
    ...(maskFile?.notes ?? []),
  ];
  return notes.length === 0 ? {} : { maskNotes: notes };
}

function excerptOf(text: string, [start, end]: readonly [number, number]): NonNullable<InspectorRow['excerpt']> {
  const from = Math.max(0, start - AROUND);
  const to = Math.min(text.length, Math.max(end, start + 1) + AROUND);
  return {
    text: text.slice(from, to),
    mark: [start - from, Math.min(text.length, Math.max(end, start + 1)) - from],
    column: start + 1,
  };
}
