import type { RowSlices } from '../../core/jsonl/row-slices.ts';
import { sliceRows } from '../../core/jsonl/slices.ts';
import type { Range } from '../../core/jsonl/value.ts';
import type { RowSplice, Rows } from './rows.ts';
import type { Place, Span, TextChange, TextSource } from './text-source.ts';

const lowerBound = (items: Int32Array, value: number): number => {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** One JSON array of objects: an edit can move any border, so it is sliced again and compared from both ends. */
export class ArrayRows implements Rows {
  readonly shape = 'array';
  readonly #source: TextSource;
  #text: string;
  #slices: RowSlices;

  constructor(source: TextSource) {
    this.#source = source;
    this.#text = source.getText();
    this.#slices = sliceRows(this.#text, 'array');
  }

  get count(): number {
    return this.#slices.starts.length;
  }

  text(row: number): string {
    return this.#text.slice(this.#slices.starts[row], this.#slices.ends[row]);
  }

  lineOf(row: number): number {
    return this.#slices.lines[row] ?? 0;
  }

  rowFrom(line: number): number {
    return lowerBound(this.#slices.lines, line);
  }

  at(place: Place): { row: number; offset: number } | null {
    const at = this.#source.offsetAt(place);
    const row = lowerBound(this.#slices.starts, at + 1) - 1;
    const start = this.#slices.starts[row];
    const end = this.#slices.ends[row];
    return start !== undefined && end !== undefined && at <= end ? { row, offset: at - start } : null;
  }

  span(row: number, [start, end]: Range): Span {
    const base = this.#slices.starts[row] ?? 0;
    return { start: this.#source.positionAt(base + start), end: this.#source.positionAt(base + end) };
  }

  problems(): readonly { readonly message: string; readonly span: Span }[] {
    return this.#slices.problems.map(({ message, range: [start, end] }) => ({
      message,
      span: { start: this.#source.positionAt(start), end: this.#source.positionAt(end) },
    }));
  }

  edit(changes: readonly TextChange[]): readonly RowSplice[] {
    if (changes.length === 0) return [];
    const { start, end, delta } = composed(changes);
    const old = this.#slices;
    this.#text = this.#source.getText();
    const now = sliceRows(this.#text, 'array');
    this.#slices = now;
    return [spliceBetween(old, now, start, end, delta)];
  }
}

/** One replacement for several, each in coordinates of after the one before: `[start, end)` of the first text. */
function composed([first, ...others]: readonly TextChange[]): { start: number; end: number; delta: number } {
  let start = first?.rangeOffset ?? 0;
  let end = start + (first?.rangeLength ?? 0);
  let delta = (first?.text.length ?? 0) - (first?.rangeLength ?? 0);
  for (const { rangeOffset, rangeLength, text } of others) {
    start = Math.min(start, rangeOffset);
    end = Math.max(end, rangeOffset + rangeLength - delta);
    delta += text.length - rangeLength;
  }
  return { start, end, delta };
}

/** Rows that end before the change or start after it, and whose borders are the same, are the same rows. */
export function spliceBetween(old: RowSlices, now: RowSlices, start: number, oldEnd: number, delta: number): RowSplice {
  const shared = Math.min(old.starts.length, now.starts.length);
  let before = 0;
  while (
    before < shared &&
    (old.ends[before] ?? 0) <= start &&
    old.starts[before] === now.starts[before] &&
    old.ends[before] === now.ends[before]
  ) {
    before++;
  }
  let after = 0;
  while (after < shared - before) {
    const from = old.starts.length - 1 - after;
    const to = now.starts.length - 1 - after;
    if ((old.starts[from] ?? 0) < oldEnd) break;
    if ((old.starts[from] ?? 0) + delta !== now.starts[to] || (old.ends[from] ?? 0) + delta !== now.ends[to]) break;
    after++;
  }
  return {
    from: before,
    removed: old.starts.length - before - after,
    added: now.starts.length - before - after,
  };
}
