import type { RowSummary } from './analysis-types.ts';
import type { Problem, Severity } from './checks/problem.ts';
import type { Settings } from './config.ts';
import { fileProblems } from './file-problems.ts';
import { type FileNotice, FileWide } from './file-wide.ts';
import type { FormatName } from './formats/format.ts';

/**
 * A file read once from its beginning to its end: memory is one hash a row. What is true of nearly every row is told from
 * the first rows, so that output can start before the end.
 */
export class FileScan {
  readonly #format: FormatName;
  readonly #settings: Settings;
  readonly #wide = new FileWide();
  #learned: ReadonlySet<string> | null = null;
  readonly #firsts = new Map<string, number>();
  readonly #counts: Record<Severity, number> = { error: 0, warning: 0, information: 0, hint: 0 };

  constructor(format: FormatName, settings: Settings) {
    this.#format = format;
    this.#settings = settings;
  }

  /** Call with each chunk before its rows' problems are asked for. */
  learn(summaries: readonly RowSummary[]): void {
    for (const summary of summaries) this.#wide.count(summary, 1);
    this.#learned ??= new Set(this.#wide.codes());
  }

  /** A row's problems, those that only the file shows included, those that the file says once left out. Row: from 1. */
  problemsOf(row: number, summary: RowSummary): readonly Problem[] {
    const first = summary.hash === '' ? undefined : this.#firsts.get(summary.hash);
    if (summary.hash !== '' && first === undefined) this.#firsts.set(summary.hash, row);
    const problems = [
      ...summary.problems.filter((problem) => this.#learned?.has(problem.code) !== true),
      ...fileProblems(summary, this.#format, first ?? null, this.#settings),
    ];
    this.add(problems);
    return problems;
  }

  add(problems: readonly Problem[]): void {
    for (const problem of problems) this.#counts[problem.severity]++;
  }

  count(severity: Severity): number {
    return this.#counts[severity];
  }

  notices(): readonly FileNotice[] {
    return this.#wide.notices(this.#learned ?? new Set());
  }
}
