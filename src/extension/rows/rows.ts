import type { FileShape } from '../../core/jsonl/row-slices.ts';
import type { Range } from '../../core/jsonl/value.ts';
import type { Place, Span, TextChange } from './text-source.ts';

/** Rows `[from, from + removed)` of before are rows `[from, from + added)` of now; rows below only moved. */
export interface RowSplice {
  readonly from: number;
  readonly removed: number;
  readonly added: number;
}

/** Where the rows of a document are, kept up to date with its edits. Rows count from 0 here. */
export interface Rows {
  readonly shape: FileShape;
  readonly count: number;
  text(row: number): string;
  /** Line of the row's first character. */
  lineOf(row: number): number;
  /** The row at or, between rows, below a line; `count` past the last one. */
  rowFrom(line: number): number;
  /** The row that holds a place, and the UTF-16 offset in its text. */
  at(place: Place): { readonly row: number; readonly offset: number } | null;
  span(row: number, range: Range): Span;
  /** What is wrong with the file as a whole, as sentences with a place. */
  problems(): readonly { readonly message: string; readonly span: Span }[];
  /**
   * The splices that an edit comes to, from the last to the first, so that they can be applied in this order. `changes`
   * come from the end of the document to its start, as in one change event (shape `array`: of several events in a row).
   */
  edit(changes: readonly TextChange[]): readonly RowSplice[];
}
