import type { RowSummary } from './analysis-types.ts';
import { duplicateFinding, mixedFormat } from './checks/file-checks.ts';
import type { Problem } from './checks/problem.ts';
import type { Settings } from './config.ts';
import type { FormatName } from './formats/format.ts';

/** What only the file shows of a row. `firstRow`: number (from 1) of an earlier row with the same conversation, or null. */
export function fileProblems(
  summary: RowSummary,
  fileFormat: FormatName,
  firstRow: number | null,
  settings: Settings,
): Problem[] {
  const problems = [
    firstRow === null ? null : duplicateFinding(firstRow, summary.length, settings.checks),
    mixedFormat(summary.format, fileFormat, summary.length, settings.checks),
  ];
  return problems.filter((problem) => problem !== null);
}
