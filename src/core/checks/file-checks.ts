import type { Settings } from '../config.ts';
import type { FormatName } from '../formats/format.ts';
import type { Check } from './check.ts';
import { levelOf } from './level.ts';
import { figure } from './lib/words.ts';
import type { Problem } from './problem.ts';

/** What only the whole file shows. Whoever knows the file makes the problems; the runner never does. */
export const fileDuplicateRow: Check = {
  code: 'file/duplicate-row',
  severity: 'warning',
  title: 'Row stands twice',
  stage: 'file',
  fixable: false,
  run: () => [],
};

export const fileMixedFormats: Check = {
  code: 'file/mixed-formats',
  severity: 'warning',
  title: 'Row of another format',
  stage: 'file',
  fixable: false,
  run: () => [],
};

/** The problem of a row that repeats an earlier one, or null where the check is off. `firstRow` counts from 1; `length`: the row's text, UTF-16 units. */
export function duplicateFinding(firstRow: number, length: number, checks: Settings['checks']): Problem | null {
  return problemOf(
    fileDuplicateRow,
    `This row trains on the same conversation as row ${figure(firstRow)}. Remove one, if the repetition is not meant.`,
    length,
    checks,
    { firstRow },
  );
}

/** The problem of a row that is of another format than its file, or null where it is not, or the check is off. */
export function mixedFormat(
  rowFormat: FormatName,
  fileFormat: FormatName,
  length: number,
  checks: Settings['checks'],
): Problem | null {
  if (rowFormat === fileFormat || rowFormat === 'unknown' || fileFormat === 'unknown') return null;
  return problemOf(
    fileMixedFormats,
    `This row is of the format ${rowFormat}, most of the file is ${fileFormat}. Trainers look at the first row only and fail on the others: convert it, or move it to a file of its own.`,
    length,
    checks,
    { rowFormat, fileFormat },
  );
}

function problemOf(
  check: Check,
  message: string,
  length: number,
  checks: Settings['checks'],
  data: Readonly<Record<string, unknown>>,
): Problem | null {
  const level = levelOf(check.code, checks);
  if (level === 'off') return null;
  return { code: check.code, severity: level ?? check.severity, message, pointer: '', range: [0, length], data };
}
