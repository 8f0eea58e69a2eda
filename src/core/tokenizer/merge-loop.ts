import { findMerge, type MergeTable, NO_MERGE } from './merge-table.ts';

/** The symbols of one piece before and after merging; `count` of them are valid, `lengths` are initial symbols each. */
export interface Symbols {
  ids: Int32Array;
  lengths: Int32Array;
  count: number;
  next: Int32Array;
  previous: Int32Array;
}

/** Up to this many symbols a scan for the lowest rank beats a heap. */
const SCAN_LIMIT = 48;
const NO_RANK = 0x7fffffff;
/** A heap key is rank * POSITIONS + position: exact in a double for up to 4 million merges. */
const POSITIONS = 2 ** 31;

const ranks = new Int32Array(SCAN_LIMIT);
const merged = new Int32Array(SCAN_LIMIT);

export function createSymbols(): Symbols {
  const size = 256;
  return {
    ids: new Int32Array(size),
    lengths: new Int32Array(size),
    count: 0,
    next: new Int32Array(size),
    previous: new Int32Array(size),
  };
}

export function reserveSymbols(symbols: Symbols, size: number): void {
  if (symbols.ids.length >= size) return;
  let capacity = symbols.ids.length;
  while (capacity < size) capacity *= 2;
  symbols.ids = new Int32Array(capacity);
  symbols.lengths = new Int32Array(capacity);
  symbols.next = new Int32Array(capacity);
  symbols.previous = new Int32Array(capacity);
}

/** Applies the merges, lowest rank first and leftmost among equals, in place. */
export function mergeSymbols(symbols: Symbols, table: MergeTable): void {
  if (symbols.count < 2) return;
  if (symbols.count <= SCAN_LIMIT) mergeByScan(symbols, table);
  else mergeByHeap(symbols, table);
}

function mergeByScan(symbols: Symbols, table: MergeTable): void {
  const { ids, lengths } = symbols;
  const { slots } = table;
  let count = symbols.count;
  for (let i = 0; i < count - 1; i++) look(i);
  for (;;) {
    let best = NO_RANK;
    let at = -1;
    for (let i = 0; i < count - 1; i++) {
      if (ranks[i]! < best) {
        best = ranks[i]!;
        at = i;
      }
    }
    if (at < 0) break;
    ids[at] = merged[at]!;
    lengths[at]! += lengths[at + 1]!;
    count--;
    for (let i = at + 1; i < count; i++) {
      ids[i] = ids[i + 1]!;
      lengths[i] = lengths[i + 1]!;
      ranks[i] = ranks[i + 1]!;
      merged[i] = merged[i + 1]!;
    }
    if (at < count - 1) look(at);
    if (at > 0) look(at - 1);
  }
  symbols.count = count;

  function look(i: number): void {
    const slot = findMerge(table, ids[i]!, ids[i + 1]!);
    if (slot === NO_MERGE) ranks[i] = NO_RANK;
    else {
      ranks[i] = slots[slot]!;
      merged[i] = slots[slot + 1]!;
    }
  }
}

/** For long pieces: a binary heap over (rank, position); an entry whose pair has changed since is skipped when it comes up. */
function mergeByHeap(symbols: Symbols, table: MergeTable): void {
  const { ids, lengths, next, previous, count } = symbols;
  const { slots } = table;
  // Every merge removes one symbol and adds at most two pairs.
  const heap = new Float64Array(3 * count);
  let size = 0;

  for (let i = 0; i < count; i++) {
    next[i] = i + 1 < count ? i + 1 : -1;
    previous[i] = i - 1;
  }
  for (let i = 0; i + 1 < count; i++) offer(i);

  while (size > 0) {
    const key = pop();
    const rank = Math.floor(key / POSITIONS);
    const at = key - rank * POSITIONS;
    const right = next[at]!;
    if (lengths[at] === 0 || right < 0) continue;
    const slot = findMerge(table, ids[at]!, ids[right]!);
    if (slot === NO_MERGE || slots[slot] !== rank) continue;
    ids[at] = slots[slot + 1]!;
    lengths[at]! += lengths[right]!;
    lengths[right] = 0;
    const after = next[right]!;
    next[at] = after;
    if (after >= 0) {
      previous[after] = at;
      offer(at);
    }
    if (previous[at]! >= 0) offer(previous[at]!);
  }

  let kept = 0;
  for (let i = 0; i >= 0; i = next[i]!) {
    ids[kept] = ids[i]!;
    lengths[kept] = lengths[i]!;
    kept++;
  }
  symbols.count = kept;

  function offer(at: number): void {
    const slot = findMerge(table, ids[at]!, ids[next[at]!]!);
    if (slot === NO_MERGE) return;
    const key = slots[slot]! * POSITIONS + at;
    let i = size++;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (heap[parent]! <= key) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = key;
  }

  function pop(): number {
    const top = heap[0]!;
    const last = heap[--size]!;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      if (child + 1 < size && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= last) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
    return top;
  }
}
