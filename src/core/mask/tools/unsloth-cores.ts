import type { Tokenizer } from '../../tokenizer/encoding.ts';

/** A marker as token ids: those that must be there, and those beside them that may be. */
export interface Marker {
  readonly left: readonly number[];
  readonly core: readonly number[];
  readonly right: readonly number[];
}

export const idsOf = (tokenizer: Tokenizer, text: string): readonly number[] => [...tokenizer.encode(text).ids];

/** Whether `ids` hold `core` at `at`. */
export function holdsAt(ids: ArrayLike<number>, core: readonly number[], at: number): boolean {
  for (let i = 0; i < core.length; i++) if (ids[at + i] !== core[i]) return false;
  return true;
}

export function countOf(ids: readonly number[], core: readonly number[]): number {
  if (core.length === 0) return 0;
  return ids.filter((_, at) => holdsAt(ids, core, at)).length;
}

/** Characters that may stand beside a marker and join its outer tokens. */
const NEIGHBORS = ['\\', '{', 'a', 'A', '1', '(', '.', '<', '}', '>'];

/**
 * The ids of a marker's text; null where there are none. `trim` (unsloth_zoo since 2026.9.9): ids at its ends that change with
 * the character beside them are not needed, as long as an added token stays.
 */
export function coreOf(tokenizer: Tokenizer, text: string, trim: boolean): Marker | null {
  const core = idsOf(tokenizer, text);
  if (core.length === 0) return null;
  const whole: Marker = { left: [], core, right: [] };
  if (!trim) return whole;
  const [start, end] = stableRange(tokenizer, text, core);
  const inner = core.slice(start, Math.max(start, end));
  const added = new Set(tokenizer.addedTokens.filter(({ content }) => content.trim() !== '').map(({ id }) => id));
  if (!inner.some((id) => added.has(id))) return whole;
  return { left: core.slice(0, start), core: inner, right: core.slice(end) };
}

/** `[start, end)` of the ids that stay whatever stands beside the text. */
function stableRange(tokenizer: Tokenizer, text: string, ids: readonly number[]): [number, number] {
  let start = 0;
  let end = ids.length;
  for (const neighbor of NEIGHBORS) {
    end = Math.min(end, sharedLength(ids, idsOf(tokenizer, text + neighbor)));
    start = Math.max(
      start,
      ids.length - sharedLength(ids.toReversed(), idsOf(tokenizer, neighbor + text).toReversed()),
    );
  }
  return [start, end];
}

function sharedLength(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
