import type { Counts, RowSummary } from './analysis-types.ts';
import type { Problem, Severity } from './checks/problem.ts';
import { CHECKS } from './checks/registry.ts';
import type { Settings } from './config.ts';
import type { FormatName } from './formats/format.ts';

/** What a whole file adds up to. Numbers of rows that were not looked at yet are not in it. */
export interface DatasetTotals extends Counts {
  readonly rows: number;
  readonly checked: number;
  readonly problems: Readonly<Record<Severity, number>>;
}

/** A notice about nearly every row of the file. */
export interface FileNotice {
  readonly code: string;
  readonly severity: Severity;
  readonly rows: number;
  readonly message: string;
}

/** Share of the checked rows above which a `perFile` check is one notice instead of one problem a row. */
const NEARLY_ALL = 0.5;
const FEW = 20;
const PER_FILE = new Set(CHECKS.filter((check) => check.perFile === true).map((check) => check.code));

/**
 * The rows of one file: their summaries, what only the file shows (duplicates, mixed formats), and totals kept up to date
 * on every change in O(1) per changed row. Rows are indices from 0.
 */
export class DatasetIndex {
  readonly #settings: Settings;
  #fileFormat: FormatName;
  #rows: (RowSummary | undefined)[];
  /** Rows of each hash, unordered. */
  readonly #byHash = new Map<string, Set<RowSummary>>();
  readonly #perFile = new Map<string, number>();
  #checked = 0;
  #tokens = 0;
  #trained = 0;
  #truncated = 0;
  #trainedCut = 0;
  readonly #severities: Record<Severity, number> = { error: 0, warning: 0, information: 0, hint: 0 };

  constructor(rows: number, fileFormat: FormatName, settings: Settings) {
    this.#rows = new Array<RowSummary | undefined>(rows).fill(undefined);
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
    return this.#rows[row];
  }

  set(row: number, summary: RowSummary): void {
    this.#forget(this.#rows[row]);
    this.#rows[row] = summary;
    this.#count(summary, 1);
    if (summary.hash !== '') {
      const same = this.#byHash.get(summary.hash);
      if (same) same.add(summary);
      else this.#byHash.set(summary.hash, new Set([summary]));
    }
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
    const rows = this.#perFile.get(code) ?? 0;
    return PER_FILE.has(code) && rows >= FEW && rows > NEARLY_ALL * this.#checked;
  }

  notices(): FileNotice[] {
    return [...this.#perFile].flatMap(([code, rows]) => {
      if (!this.isFileWide(code)) return [];
      const example = this.#rows.find((row) => row?.problems.some((problem) => problem.code === code));
      const problem = example?.problems.find((candidate) => candidate.code === code);
      if (!problem) return [];
      const { severity, message } = problem;
      return [
        {
          code,
          severity,
          rows,
          message: `${rows.toLocaleString('en')} of ${this.#checked.toLocaleString('en')} rows: ${message}`,
        },
      ];
    });
  }

  /** Other rows (summaries) that train on the same conversation. */
  hasDuplicate(row: number): boolean {
    const hash = this.#rows[row]?.hash ?? '';
    return hash !== '' && (this.#byHash.get(hash)?.size ?? 0) > 1;
  }

  /** The first row with the same hash. O(rows): for messages of rows that are shown. */
  firstDuplicate(row: number): number {
    const hash = this.#rows[row]?.hash;
    return this.#rows.findIndex((candidate) => candidate !== undefined && candidate.hash === hash);
  }

  /** First row of each hash, for going through a whole file. */
  firsts(): Map<string, number> {
    const firsts = new Map<string, number>();
    this.#rows.forEach((row, i) => {
      if (row && row.hash !== '' && (this.#byHash.get(row.hash)?.size ?? 0) > 1 && !firsts.has(row.hash))
        firsts.set(row.hash, i);
    });
    return firsts;
  }

  get settings(): Settings {
    return this.#settings;
  }

  #forget(summary: RowSummary | undefined): void {
    if (!summary) return;
    this.#count(summary, -1);
    const same = this.#byHash.get(summary.hash);
    same?.delete(summary);
    if (same?.size === 0) this.#byHash.delete(summary.hash);
  }

  #count(summary: RowSummary, sign: 1 | -1): void {
    this.#checked += sign;
    this.#tokens += sign * summary.counts.tokens;
    this.#trained += sign * summary.counts.trained;
    this.#truncated += sign * summary.counts.truncated;
    this.#trainedCut += sign * summary.counts.trainedCut;
    const seen = new Set<string>();
    for (const problem of summary.problems) {
      this.#severities[problem.severity] += sign;
      if (PER_FILE.has(problem.code) && !seen.has(problem.code)) {
        seen.add(problem.code);
        this.#perFile.set(problem.code, (this.#perFile.get(problem.code) ?? 0) + sign);
      }
    }
  }
}

export type { Problem };
