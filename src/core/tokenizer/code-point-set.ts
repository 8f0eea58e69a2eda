/** A set of code points: flat pairs of first and last, in order, none of which touch. */
export type CodePointSet = readonly number[];

const LAST = 0x10ffff;

/** Reads a set of unicode-tables.ts. */
export function decodeSet(text: string): CodePointSet {
  const set: number[] = [];
  let end = 0;
  for (const word of text.split(' ')) {
    const [gap = '', more] = word.split('+');
    const first = end + Number.parseInt(gap, 36);
    const last = first + (more === undefined ? 0 : Number.parseInt(more, 36));
    set.push(first, last);
    end = last + 1;
  }
  return set;
}

export const single = (code: number): CodePointSet => [code, code];

export function union(...sets: readonly CodePointSet[]): CodePointSet {
  const pairs: [number, number][] = [];
  for (const set of sets) for (let i = 0; i < set.length; i += 2) pairs.push([set[i]!, set[i + 1]!]);
  pairs.sort(([a], [b]) => a - b);
  const merged: number[] = [];
  for (const [first, last] of pairs) {
    const end = merged.length - 1;
    if (end > 0 && first <= merged[end]! + 1) merged[end] = Math.max(merged[end]!, last);
    else merged.push(first, last);
  }
  return merged;
}

export function complement(set: CodePointSet): CodePointSet {
  const rest: number[] = [];
  let next = 0;
  for (let i = 0; i < set.length; i += 2) {
    if (set[i]! > next) rest.push(next, set[i]! - 1);
    next = set[i + 1]! + 1;
  }
  if (next <= LAST) rest.push(next, LAST);
  return rest;
}

export const intersection = (a: CodePointSet, b: CodePointSet): CodePointSet =>
  complement(union(complement(a), complement(b)));

export function has(set: CodePointSet, code: number): boolean {
  let low = 0;
  let high = set.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (code > set[2 * middle + 1]!) low = middle + 1;
    else high = middle;
  }
  return 2 * low < set.length && code >= set[2 * low]!;
}
