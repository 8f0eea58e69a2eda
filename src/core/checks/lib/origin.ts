import type { PartAnalysis } from '../../analysis-types.ts';
import type { Segment } from '../../origin/segment.ts';
import { type Place, placeOf } from './place.ts';

/** Index of the segment that holds the character at `at` (UTF-16 units of the rendered text). */
function segmentAt(segments: readonly Segment[], at: number): number {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((segments[middle]?.end ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The segment that holds all of `[start, end)`, where it is the row's own text, copied. */
export function copiedFrom(part: PartAnalysis, start: number, end: number): Segment | null {
  const segments = part.rendering?.segments ?? [];
  const segment = segments[segmentAt(segments, start)];
  return segment && segment.pointer !== null && segment.how === 'copy' && segment.start <= start && segment.end >= end
    ? segment
    : null;
}

/**
 * Where a character of the rendered text stands in the row. Template text has no place: then what was printed last before
 * it (a stop belongs to its answer), else first after it.
 */
export function placeOfCharacter(part: PartAnalysis, at: number): Place {
  const segments = part.rendering?.segments ?? [];
  const index = segmentAt(segments, at);
  for (let i = index; i >= 0; i--) {
    const segment = segments[i];
    if (segment === undefined || segment.pointer === null || segment.pointer.endsWith('/role')) continue;
    if (i < index || segment.how === 'whole' || segment.key) return placeOf(part.conversation, segment.pointer);
    const from = segment.offset + (segment.how === 'copy' ? at - segment.start : 0);
    return placeOf(part.conversation, segment.pointer, [from, segment.offset + segment.length]);
  }
  const next = segments.slice(index).find((segment) => segment.pointer !== null);
  return next?.pointer ? placeOf(part.conversation, next.pointer) : { pointer: '' };
}

const MESSAGE = /^\/messages\/(\d+)/;

/** Index of the message that a pointer into the conversation is in, or null. */
export const messageIndex = (pointer: string): number | null => {
  const match = MESSAGE.exec(pointer);
  return match ? Number(match[1]) : null;
};
