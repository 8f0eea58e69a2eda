import type { RowSummary } from './analysis-types.ts';
import type { Severity } from './checks/problem.ts';

/** A notice about nearly every row of a file, instead of one problem a row. */
export interface FileNotice {
  readonly code: string;
  readonly severity: Severity;
  readonly rows: number;
  readonly message: string;
}

/** Share of the checked rows from which on a `perFile` check is one notice, and how many rows it takes to say so. */
const NEARLY_ALL = 0.5;
const ENOUGH_ROWS = 10;

/** Counts the problems that may be true of nearly every row. */
export class FileWide {
  readonly #rows = new Map<string, number>();
  readonly #example = new Map<
    string,
    { readonly severity: Severity; readonly title: string; readonly message: string }
  >();
  #checked = 0;

  count(summary: RowSummary, sign: 1 | -1): void {
    this.#checked += sign;
    const seen = new Set<string>();
    for (const { code, severity, message, fileWide: title } of summary.problems) {
      if (title === undefined || seen.has(code)) continue;
      seen.add(code);
      this.#rows.set(code, (this.#rows.get(code) ?? 0) + sign);
      if (!this.#example.has(code)) this.#example.set(code, { severity, title, message });
    }
  }

  has(code: string): boolean {
    const rows = this.#rows.get(code) ?? 0;
    return rows >= ENOUGH_ROWS && rows > NEARLY_ALL * this.#checked;
  }

  codes(): string[] {
    return [...this.#rows.keys()].filter((code) => this.has(code));
  }

  notices(codes: Iterable<string> = this.codes()): FileNotice[] {
    return [...codes].flatMap((code) => {
      const example = this.#example.get(code);
      const rows = this.#rows.get(code) ?? 0;
      if (!example || rows === 0) return [];
      const share = `${rows.toLocaleString('en')} of ${this.#checked.toLocaleString('en')} rows`;
      const message = `${example.title}, in ${share}. In one of them: ${example.message}`;
      return [{ code, severity: example.severity, rows, message }];
    });
  }
}
