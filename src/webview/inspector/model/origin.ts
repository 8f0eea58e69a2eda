import type { PartDetail } from '../../../core/analysis-types.ts';
import type { Pointer, Range } from '../../../core/jsonl/value.ts';

/** Where a token stands in the row: a pointer, and UTF-16 units of the decoded string there. */
export interface TokenOrigin {
  readonly pointer: Pointer;
  readonly range: Range;
}

type Segments = Pick<
  PartDetail,
  'text' | 'starts' | 'ends' | 'pointers' | 'segmentStarts' | 'segmentPointer' | 'segmentOffset' | 'segmentLength'
>;

/** Index of the segment that holds the character at `offset` of the text. */
function segmentAt(part: Segments, offset: number): number {
  let low = 0;
  let high = part.segmentStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((part.segmentStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

const segmentEnd = (part: Segments, k: number): number => part.segmentStarts[k + 1] ?? part.text.length;

/** Source units of the stretch `[start, end)` of the text, which lies inside segment `k`. */
function sourceRange(part: Segments, k: number, start: number, end: number): Range {
  const offset = part.segmentOffset[k] ?? 0;
  const length = part.segmentLength[k] ?? 0;
  const at = part.segmentStarts[k] ?? 0;
  const size = segmentEnd(part, k) - at;
  // One to one where the lengths agree; else (an escape, a number) the source as a whole.
  if (size !== length) return [offset, offset + length];
  return [offset + Math.max(0, start - at), offset + Math.min(length, end - at)];
}

/** The first place in the row that token `i` shows; null for text of the template. */
export function originOf(part: Segments, i: number): TokenOrigin | null {
  const start = part.starts[i] ?? 0;
  const end = Math.max(start + 1, part.ends[i] ?? 0);
  if (part.segmentStarts.length === 0) return null;
  for (let k = segmentAt(part, start); k < part.segmentStarts.length; k++) {
    if ((part.segmentStarts[k] ?? 0) >= end) return null;
    const pointer = part.pointers[part.segmentPointer[k] ?? -1];
    if (pointer === undefined) continue;
    return { pointer, range: sourceRange(part, k, start, end) };
  }
  return null;
}

const isBelow = (pointer: Pointer, ancestor: Pointer): boolean =>
  pointer === ancestor || pointer.startsWith(`${ancestor}/`);

/**
 * Tokens of a place in the row, ascending. With `offset` (UTF-16 units of the decoded string): those that show that very
 * character; without: all of the value and of what is below it.
 */
export function tokensAt(part: Segments, pointer: Pointer, offset: number | null): readonly number[] {
  const spans: Range[] = [];
  for (let k = 0; k < part.segmentStarts.length; k++) {
    const source = part.pointers[part.segmentPointer[k] ?? -1];
    if (source === undefined) continue;
    const start = part.segmentStarts[k] ?? 0;
    const end = segmentEnd(part, k);
    if (offset === null) {
      if (isBelow(source, pointer)) spans.push([start, end]);
    } else if (source === pointer) {
      const from = part.segmentOffset[k] ?? 0;
      const length = part.segmentLength[k] ?? 0;
      if (offset < from || offset >= from + length) continue;
      if (end - start === length) spans.push([start + offset - from, start + offset - from + 1]);
      else spans.push([start, end]);
    }
  }
  return tokensOver(part, spans);
}

function tokensOver(part: Segments, spans: readonly Range[]): number[] {
  const tokens: number[] = [];
  let i = 0;
  for (const [start, end] of spans) {
    while (i < part.starts.length && (part.ends[i] ?? 0) <= start) i++;
    for (let k = i; k < part.starts.length && (part.starts[k] ?? 0) < end; k++)
      if (tokens.at(-1) !== k && (part.ends[k] ?? 0) > start) tokens.push(k);
  }
  return [...new Set(tokens)].sort((a, b) => a - b);
}
