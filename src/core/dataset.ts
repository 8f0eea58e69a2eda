import type { Counts, RowSummary } from './analysis-types.ts';
import type { Problem, Severity } from './checks/problem.ts';
import type { Settings } from './config.ts';
import { fileProblems } from './file-problems.ts';
import { type FileNotice, FileWide } from './file-wide.ts';
import type { FormatName } from './formats/format.ts';

/** What a whole file adds up to. Numbers of rows that were not looked at yet are not in it. */
export interface DatasetTotals extends Counts {
  readonly rows: number;
  readonly checked: number;
  readonly problems: Readonly<Record<Severity, number>>;
}

/** How many rows have one hash. */
interface SameHash {
  rows: number;
}
interface Entry {
  readonly summary: RowSummary;
  /** Kept with the row, since looking a hash up for every row of a long file takes long. Null for a row without a hash. */
  readonly same: SameHash | null;
}

/**
 * The rows of one file: their summaries, what only the file shows (duplicates, mixed formats), and totals kept up to date
 * on every change in O(1) per changed row. Rows are indices from 0.
 */
export class DatasetIndex {
  readonly #settings: Settings;
  #fileFormat: FormatName;
  #rows: (Entry | undefined)[];
  readonly #byHash = new Map<string, SameHash>();
  readonly #wide = new FileWide();
  #checked = 0;
  #tokens = 0;
  #trained = 0;
  #truncated = 0;
  #trainedCut = 0;
  readonly #severities: Record<Severity, number> = { error: 0, warning: 0, information: 0, hint: 0 };

  constructor(rows: number, fileFormat: FormatName, settings: Settings) {
    this.#rows = new Array<Entry | undefined>(rows).fill(undefined);
    this.#fileFormat = fileFormat;
    this.#settings = settings;
  }

  get length(): number {
    return this.#rows.length;
  }
  get fileFormat(): FormatName {
    return this.#fileFormat;
  }
  summary(row: number): RowSummary | undefined {
    return this.#rows[row]?.summary;
  }

  set(row: number, summary: RowSummary): void {
    this.#forget(this.#rows[row]);
    this.#rows[row] = { summary, same: summary.hash === '' ? null : this.#remember(summary.hash) };
    this.#count(summary, 1);
  }

  /** Replaces `removed` rows at `at` by `added` rows that are not analysed yet. */
  splice(at: number, removed: number, added: number): void {
    for (let row = at; row < at + removed; row++) this.#forget(this.#rows[row]);
    if (removed === added) this.#rows.fill(undefined, at, at + added);
    else
      this.#rows = [
        ...this.#rows.slice(0, at),
        ...new Array<undefined>(added).fill(undefined),
        ...this.#rows.slice(at + removed),
      ];
  }

  totals(): DatasetTotals {
    return {
      rows: this.#rows.length,
      checked: this.#checked,
      tokens: this.#tokens,
      trained: this.#trained,
      truncated: this.#truncated,
      trainedCut: this.#trainedCut,
      problems: { ...this.#severities },
    };
  }

  /** Whether this code is shown once for the file, because nearly every row has it. */
  isFileWide(code: string): boolean {
    return this.#wide.has(code);
  }

  notices(): FileNotice[] {
    return this.#wide.notices();
  }

  /**
   * The problems that a row shows: its own without those that the file says once, and those that only the file shows.
   * `firsts`: from `firsts()` when going through many rows; without it a duplicate costs a search over the file.
   */
  problemsOf(row: number, firsts?: ReadonlyMap<string, number>): readonly Problem[] {
    const summary = this.summary(row);
    if (!summary) return [];
    const first = this.hasDuplicate(row) ? (firsts?.get(summary.hash) ?? this.firstDuplicate(row)) : row;
    return [
      ...summary.problems.filter((problem) => !this.isFileWide(problem.code)),
      ...fileProblems(summary, this.#fileFormat, first < row ? first + 1 : null, this.#settings),
    ];
  }

  /** Other rows (summaries) that train on the same conversation. */
  hasDuplicate(row: number): boolean {
    return isRepeated(this.#rows[row]);
  }

  /** The first row with the same hash. O(rows): for messages of rows that are shown. */
  firstDuplicate(row: number): number {
    const hash = this.summary(row)?.hash;
    return this.#rows.findIndex((candidate) => candidate !== undefined && candidate.summary.hash === hash);
  }

  /** First row of each hash, for going through a whole file. */
  firsts(): Map<string, number> {
    const firsts = new Map<string, number>();
    this.#rows.forEach((entry, row) => {
      if (entry && isRepeated(entry) && !firsts.has(entry.summary.hash)) firsts.set(entry.summary.hash, row);
    });
    return firsts;
  }

  get settings(): Settings {
    return this.#settings;
  }

  #remember(hash: string): SameHash {
    let same = this.#byHash.get(hash);
    if (same === undefined) this.#byHash.set(hash, (same = { rows: 0 }));
    same.rows++;
    return same;
  }

  #forget(entry: Entry | undefined): void {
    if (!entry) return;
    this.#count(entry.summary, -1);
    if (entry.same && --entry.same.rows === 0) this.#byHash.delete(entry.summary.hash);
  }

  #count(summary: RowSummary, sign: 1 | -1): void {
    this.#checked += sign;
    this.#tokens += sign * summary.counts.tokens;
    this.#trained += sign * summary.counts.trained;
    this.#truncated += sign * summary.counts.truncated;
    this.#trainedCut += sign * summary.counts.trainedCut;
    this.#wide.count(summary, sign);
    for (const problem of summary.problems) this.#severities[problem.severity] += sign;
  }
}

const isRepeated = (entry: Entry | undefined): boolean => (entry?.same?.rows ?? 0) > 1;
