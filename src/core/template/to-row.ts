import type { Piece, Sources } from '../formats/conversation.ts';
import type { Pointer } from '../jsonl/value.ts';
import type { Anchor, Rendering, Segment } from '../origin/segment.ts';
import { sourceOf } from './prepare.ts';

/**
 * The same rendering with pointers into the row. Strings that the format composed are split into their pieces; what the
 * format added or made up becomes `template`.
 */
export function toRow(rendering: Rendering, sources: Sources): Rendering {
  const find = finder(sources);
  const segments: Segment[] = [];
  for (const segment of rendering.segments) {
    if (segment.pointer === null) push(segments, segment);
    else {
      const source = find(segment.pointer);
      if (source === null) push(segments, madeUp(segment.start, segment.end));
      else if (typeof source === 'string') push(segments, { ...segment, pointer: source });
      else for (const part of splitByPieces(segment, source)) push(segments, part);
    }
  }
  const anchors = rendering.anchors.flatMap((anchor) => anchorInRow(anchor, find(anchor.pointer)));
  return { text: rendering.text, segments, anchors, generation: rendering.generation };
}

type Find = (pointer: Pointer) => ReturnType<typeof sourceOf>;

/** Most segments of a row share a few pointers. */
function finder(sources: Sources): Find {
  const known = new Map<Pointer, ReturnType<typeof sourceOf>>();
  return (pointer) => {
    let source = known.get(pointer);
    if (source === undefined) {
      source = sourceOf({ sources }, pointer);
      known.set(pointer, source);
    }
    return source;
  };
}

const madeUp = (start: number, end: number): Segment => ({
  start,
  end,
  pointer: null,
  key: false,
  offset: 0,
  length: 0,
  how: 'template',
});

/** Neighbors that are both template text are one segment. */
function push(segments: Segment[], segment: Segment): void {
  const last = segments[segments.length - 1];
  if (last !== undefined && last.pointer === null && segment.pointer === null) {
    segments[segments.length - 1] = madeUp(last.start, segment.end);
  } else segments.push(segment);
}

/** A stretch of a composed string as stretches of its pieces. */
function splitByPieces(segment: Segment, pieces: readonly Piece[]): readonly Segment[] {
  const oneToOne = segment.length === segment.end - segment.start && segment.length > 0;
  const parts: Segment[] = [];
  let at = 0;
  for (const { pointer, text } of pieces) {
    const from = Math.max(segment.offset, at);
    const to = Math.min(segment.offset + segment.length, at + text.length);
    const touches = segment.length === 0 ? segment.offset >= at && segment.offset <= at + text.length : from < to;
    if (touches) {
      if (!oneToOne) {
        // It cannot be cut: it belongs to the first piece of the row that it touches.
        if (pointer !== null) return [{ ...segment, pointer, offset: from - at, length: Math.max(0, to - from) }];
      } else {
        const start = segment.start + from - segment.offset;
        const end = start + to - from;
        if (pointer === null) parts.push(madeUp(start, end));
        else parts.push({ ...segment, start, end, pointer, offset: from - at, length: to - from });
      }
    }
    at += text.length;
  }
  if (parts.length === 0) return [madeUp(segment.start, segment.end)];
  // Pieces shorter than the string: the rest has no place in the row.
  const end = parts[parts.length - 1]!.end;
  if (end < segment.end) parts.push(madeUp(end, segment.end));
  return parts;
}

function anchorInRow(anchor: Anchor, source: ReturnType<typeof sourceOf>): readonly Anchor[] {
  if (source === null) return [];
  if (typeof source === 'string') return [{ ...anchor, pointer: source }];
  let at = 0;
  for (const { pointer, text } of source) {
    if (pointer !== null && anchor.offset >= at && anchor.offset <= at + text.length) {
      return [{ ...anchor, pointer, offset: anchor.offset - at }];
    }
    at += text.length;
  }
  return [];
}
