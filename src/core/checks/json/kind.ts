import type { CheckContext } from '../check.ts';

/** Whether the row is valid JSON, but a list, a string or a number instead of an object. */
export function isOtherJson({ row, object }: CheckContext): boolean {
  if (object !== null || row.text.trimStart().startsWith('{')) return false;
  try {
    JSON.parse(row.text);
    return true;
  } catch {
    return false;
  }
}
