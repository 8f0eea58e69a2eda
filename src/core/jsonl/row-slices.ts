import type { Range } from './value.ts';

/**
 * How a file holds its rows. `lines`: one row a line. `array`: one JSON array of objects with any line breaks; also objects
 * over several lines without an array around them.
 */
export type FileShape = 'lines' | 'array';

/** Where the rows of a text are. Parallel arrays, UTF-16 units; blank lines are no rows, a BOM and CR are not part of one. */
export interface RowSlices {
  readonly shape: FileShape;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Line of each row's first character, from 0. */
  readonly lines: Int32Array;
  /** What is wrong with the file as a whole (array shape: text after the end, a missing bracket or comma), as sentences with a place. */
  readonly problems: readonly { readonly message: string; readonly range: Range }[];
}
