import { FORMAT_KEYS } from './format-keys.ts';

/** UTF-16 units of a JSON document that are looked at: enough for the first row of any dataset. */
export const PEEK_UNITS = 65_536;

const START = /^\uFEFF?\s*\[\s*\{/;

/**
 * Whether a JSON document may be an array of rows, from its first characters alone. JSON is everywhere (settings,
 * packages, lock files): this must be cheap and must not claim what is not ours.
 */
export function looksLikeRows(head: string): boolean {
  if (!START.test(head)) return false;
  for (const match of head.matchAll(/"([a-z_]+)"\s*:/g)) {
    if (FORMAT_KEYS.has(match[1] ?? '')) return true;
  }
  return false;
}
