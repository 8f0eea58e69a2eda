import type { Edit } from '../checks/problem.ts';
import type { Pointer, Range, Value } from './value.ts';

/** Why the text is not JSON. One per row: what follows the first bad character is not read. */
export interface JsonError {
  /** A sentence with the place's characters in it: "A comma is missing before `{`, column 118." Column counts UTF-16 units from 1. */
  readonly message: string;
  readonly range: Range;
  /** What to do about it, where that is safe to say: title "Insert comma". */
  readonly fix: { readonly title: string; readonly edits: readonly Edit[] } | null;
}

/** Valid JSON that a trainer reads otherwise than its writer meant. */
export interface JsonIssue {
  readonly kind: 'duplicate-key' | 'lone-surrogate' | 'not-finite';
  readonly pointer: Pointer;
  /** UTF-16 units of the row's text. */
  readonly range: Range;
  readonly key?: string;
}

/** A row's text, read. `value` is undefined exactly when `error` is set. */
export interface ParsedRow {
  readonly text: string;
  readonly value: Value | undefined;
  readonly error: JsonError | null;
  readonly issues: readonly JsonIssue[];
  /** Range of the value (quotes included) or of the member's key; null when the pointer is not in the row. Scans on demand. */
  locate(pointer: Pointer, what?: 'value' | 'key'): Range | null;
  /**
   * Range in the row's text of `[start, end)` of the decoded string at `pointer` (or of its key): escapes are as long as
   * they are spelled. Null when the pointer is no string.
   */
  within(pointer: Pointer, range: Range, key?: boolean): Range | null;
  /** What stands at an offset of the text: the innermost pointer, whether on the key, and the decoded offset if in a string. */
  at(offset: number): { readonly pointer: Pointer; readonly key: boolean; readonly offset: number | null };
}
