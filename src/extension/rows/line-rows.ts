import type { Range } from '../../core/jsonl/value.ts';
import { hunksOf } from './hunks.ts';
import { IntList } from './int-list.ts';
import type { RowSplice, Rows } from './rows.ts';
import type { Place, Span, TextChange, TextSource } from './text-source.ts';

/** Almost every line starts with a brace: no need to look further. */
const isBlank = (text: string): boolean =>
  !(text.charCodeAt(0) > 0x20 && text.charCodeAt(0) < 0x7f) && text.trim() === '';

/**
 * One row a line. The document's own lines are the rows, so a key stroke never joins or scans the whole text: only the
 * line numbers of the rows are kept (blank lines are none).
 */
export class LineRows implements Rows {
  readonly shape = 'lines';
  readonly #source: TextSource;
  readonly #lines = new IntList();

  constructor(source: TextSource) {
    this.#source = source;
    for (let line = 0; line < source.lineCount; line++) {
      if (!isBlank(source.lineAt(line).text)) this.#lines.push(line);
    }
  }

  get count(): number {
    return this.#lines.length;
  }

  text(row: number): string {
    return this.#source.lineAt(this.#lines.get(row)).text;
  }

  lineOf(row: number): number {
    return this.#lines.get(row);
  }

  rowFrom(line: number): number {
    return this.#lines.lowerBound(line);
  }

  at(place: Place): { row: number; offset: number } | null {
    const row = this.rowFrom(place.line);
    return row < this.count && this.lineOf(row) === place.line ? { row, offset: place.character } : null;
  }

  span(row: number, [start, end]: Range): Span {
    const line = this.lineOf(row);
    return { start: { line, character: start }, end: { line, character: end } };
  }

  problems(): readonly never[] {
    return [];
  }

  edit(changes: readonly TextChange[]): readonly RowSplice[] {
    const splices: RowSplice[] = [];
    for (const hunk of hunksOf(changes).toReversed()) {
      const from = this.rowFrom(hunk.oldStart);
      const removed = this.rowFrom(hunk.oldStart + hunk.oldCount) - from;
      const added: number[] = [];
      // Splices before this one have not moved these lines yet: they are numbered as before them for now.
      for (let line = 0; line < hunk.newCount; line++) {
        const now = hunk.newStart + line;
        if (now < this.#source.lineCount && !isBlank(this.#source.lineAt(now).text)) {
          added.push(hunk.oldStart + line);
        }
      }
      this.#lines.splice(from, removed, added.length);
      added.forEach((line, index) => {
        this.#lines.set(from + index, line);
      });
      this.#lines.shift(from + added.length, hunk.newCount - hunk.oldCount);
      splices.push({ from, removed, added: added.length });
    }
    return splices;
  }
}
