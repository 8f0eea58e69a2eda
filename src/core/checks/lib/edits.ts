import type { ParsedRow } from '../../jsonl/parsed-row.ts';
import type { Pointer, Range, Value } from '../../jsonl/value.ts';
import type { Edit } from '../problem.ts';
import { valueAt } from './place.ts';

/** Changes the string at `pointer`, if it still is `from`; null where it is not (a format may have made the value up). */
export function replaceString(row: ParsedRow, pointer: Pointer, from: string, to: string): Edit | null {
  if (valueAt(row.value, pointer) !== from) return null;
  const range = row.locate(pointer);
  return range ? { range, text: JSON.stringify(to) } : null;
}

/** Changes a stretch of the decoded string at `pointer`; `text` is spelled with the escapes that JSON needs. */
export function replaceWithin(row: ParsedRow, pointer: Pointer, within: Range, text: string): Edit | null {
  const range = row.within(pointer, within);
  return range ? { range, text: JSON.stringify(text).slice(1, -1) } : null;
}

/** Writes `json` (already JSON) in place of the value at `pointer`, if that still is `from` and not a text that it was parsed from. */
export function replaceValue(row: ParsedRow, pointer: Pointer, from: Value, json: string): Edit | null {
  if (valueAt(row.value, pointer) !== from) return null;
  const range = row.locate(pointer);
  return range ? { range, text: json } : null;
}
