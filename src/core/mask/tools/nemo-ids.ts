import type { Range } from '../../jsonl/value.ts';

export type Ids = Int32Array;

/** Whether `whole` begins with `part`, but for a last `part` token that is `closing` and gives way to what follows. */
export function startsWith(whole: Ids, part: Ids, closing: number | null): boolean {
  if (part.length > whole.length) return false;
  const shared = sharedLength(whole, part);
  return shared === part.length || (part.length > 1 && shared === part.length - 1 && part[shared] === closing);
}

/** How many tokens a turn begins with that the generation prompt adds to the text before it; 0 unless it has all of them. */
export function promptIds(before: Ids, prompted: Ids, turn: Ids): number {
  if (!startsWith(prompted, before, null)) return 0;
  const block = prompted.subarray(before.length);
  return startsWith(turn, block, null) ? block.length : 0;
}

/** What of `whole` is not in `other`: between their common begin and their common end. */
export function reasoningRange(whole: Ids, other: Ids): Range | null {
  const start = sharedLength(whole, other);
  const limit = Math.min(whole.length, other.length) - start;
  let suffix = 0;
  while (suffix < limit && whole.at(-1 - suffix) === other.at(-1 - suffix)) suffix++;
  const end = whole.length - suffix;
  return end > start ? [start, end] : null;
}

function sharedLength(a: Ids, b: Ids): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
