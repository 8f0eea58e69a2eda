/** What a lookup returns where two tokens do not merge. */
export const NO_MERGE = -1;

const EMPTY = -1;
/** Words of one slot: left id, right id, rank, merged id. */
const SLOT = 4;

/**
 * The merges of a BPE model as an open-addressing table over pairs of token ids.
 * One flat array keeps a probe inside one cache line and could be shared between threads.
 */
export interface MergeTable {
  readonly slots: Int32Array;
  readonly mask: number;
}

export function createMergeTable(merges: number): MergeTable {
  let capacity = 16;
  while (capacity < merges * 1.6) capacity *= 2;
  return { slots: new Int32Array(capacity * SLOT).fill(EMPTY), mask: capacity - 1 };
}

function hashPair(left: number, right: number): number {
  const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

/** A pair that is listed twice keeps its last rank, as in tokenizers 0.23 (`BpeBuilder::build` collects into a map). */
export function addMerge(table: MergeTable, left: number, right: number, rank: number, merged: number): void {
  const { slots, mask } = table;
  let index = hashPair(left, right) & mask;
  for (;;) {
    const at = index * SLOT;
    const isFree = slots[at] === EMPTY;
    if (isFree || (slots[at] === left && slots[at + 1] === right)) {
      slots[at] = left;
      slots[at + 1] = right;
      slots[at + 2] = rank;
      slots[at + 3] = merged;
      return;
    }
    index = (index + 1) & mask;
  }
}

/** Position of the pair's rank in `table.slots` (its merged id stands behind it), or `NO_MERGE`. */
export function findMerge(table: MergeTable, left: number, right: number): number {
  const { slots, mask } = table;
  let index = hashPair(left, right) & mask;
  for (;;) {
    const at = index * SLOT;
    const found = slots[at]!;
    if (found === left && slots[at + 1] === right) return at + 2;
    if (found === EMPTY) return NO_MERGE;
    index = (index + 1) & mask;
  }
}
