import type { Pointer } from '../jsonl/value.ts';
import type { Anchor, How, Segment } from './segment.ts';
import type { Mark, Pieces, Recased, Traced, TracedText } from './traced.ts';

type Emit = (
  start: number,
  end: number,
  pointer: Pointer,
  key: boolean,
  offset: number,
  length: number,
  how: How,
) => void;

interface Part {
  readonly start: number;
  readonly end: number;
  readonly pointer: Pointer;
  readonly key: boolean;
  readonly offset: number;
  readonly length: number;
  readonly how: How;
}

interface Task {
  readonly of: Traced;
  readonly from: number;
  readonly to: number;
  /** Where `from` lies in the output. */
  readonly at: number;
}

/** Texts of more pieces than this are resolved once and then cut, instead of walked for every cut. */
const MANY_PIECES = 8;

/** Emits the source ranges of `root[from, to)`. An explicit stack: `ns.s = ns.s ~ x` nests as deep as there are rows. */
function resolve(root: Traced, from: number, to: number, at: number, emit: Emit): void {
  const todo: Task[] = [{ of: root, from, to, at }];
  for (let task = todo.pop(); task !== undefined; task = todo.pop()) {
    const { of, from: i, to: j, at: p } = task;
    switch (of.kind) {
      case 'source':
        emit(p, p + (j - i), of.pointer, of.isKey, of.offset + i, j - i, 'copy');
        break;
      case 'slice': {
        const parts = of.of.kind === 'pieces' ? resolvedPieces(of.of) : null;
        if (parts === null) todo.push({ of: of.of, from: of.at + i, to: of.at + j, at: p });
        else emitParts(parts, of.at + i, of.at + j, p, emit);
        break;
      }
      case 'pieces':
        pushPieces(of.marks, i, j, p, todo);
        break;
      case 'recased':
        emitRecased(of, i, j, p, emit);
        break;
      case 'made': {
        const whole = hull(of.of, of.at, of.at + of.length);
        if (whole !== null) {
          const how = whole.length > 0 ? 'changed' : 'whole';
          emit(p, p + (j - i), whole.pointer, whole.key, whole.offset, whole.length, how);
        }
        break;
      }
    }
  }
}

/** The pieces that touch [i, j), in order: pushed from the last so that the first is taken next. */
function pushPieces(marks: readonly Mark[], i: number, j: number, p: number, todo: Task[]): void {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const mark = marks[middle]!;
    if (mark.at + mark.piece.value.length < i) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < marks.length && marks[end]!.at <= j) end++;
  for (let k = end - 1; k >= low; k--) {
    const { at: start, piece } = marks[k]!;
    const stop = start + piece.value.length;
    const x = Math.max(i, start);
    const y = Math.min(j, stop);
    const emptyHere = start === stop && start >= i && start <= j;
    if (x < y || emptyHere) todo.push({ of: piece, from: x - start, to: y - start, at: p + x - i });
  }
}

function resolvedPieces(of: Pieces): readonly Part[] | null {
  if (of.resolved !== null) return of.resolved as readonly Part[];
  if (of.marks.length <= MANY_PIECES) return null;
  const parts: Part[] = [];
  resolve(of, 0, of.value.length, 0, (start, end, pointer, key, offset, length, how) => {
    parts.push({ start, end, pointer, key, offset, length, how });
  });
  of.resolved = parts;
  return parts;
}

function emitParts(parts: readonly Part[], i: number, j: number, p: number, emit: Emit): void {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (parts[middle]!.end < i) low = middle + 1;
    else high = middle;
  }
  for (let k = low; k < parts.length && parts[k]!.start <= j; k++) {
    const part = parts[k]!;
    const x = Math.max(i, part.start);
    const y = Math.min(j, part.end);
    const emptyHere = part.start === part.end && part.start >= i && part.start <= j;
    if (x >= y && !emptyHere) continue;
    // A cut through a stretch whose lengths differ keeps its whole source range.
    const oneToOne = part.length === part.end - part.start;
    const offset = oneToOne ? part.offset + x - part.start : part.offset;
    emit(p + x - i, p + y - i, part.pointer, part.key, offset, oneToOne ? y - x : part.length, part.how);
  }
}

/** Runs that the case left alone stay copies; runs in between were changed. Never cuts a surrogate pair. */
function emitRecased(of: Recased, i: number, j: number, p: number, emit: Emit): void {
  const now = of.value;
  const before = of.of.value;
  const changed: Emit = (start, end, pointer, key, offset, length, how) =>
    emit(start, end, pointer, key, offset, length, how === 'copy' ? 'changed' : how);
  const width = (k: number): number => {
    const unit = now.charCodeAt(k);
    return unit >= 0xd800 && unit < 0xdc00 && k + 1 < j ? 2 : 1;
  };
  const sameAt = (k: number): boolean => now.slice(k, k + width(k)) === before.slice(k, k + width(k));
  if (i === j) {
    resolve(of.of, i, j, p, emit);
    return;
  }
  for (let x = i; x < j; ) {
    const same = sameAt(x);
    let y = x + width(x);
    while (y < j && sameAt(y) === same) y += width(y);
    resolve(of.of, x, y, p + x - i, same ? emit : changed);
    x = y;
  }
}

interface SourceRange {
  readonly pointer: Pointer;
  readonly key: boolean;
  offset: number;
  length: number;
}

/** One source range for `of[from, to)`: of the first pointer met, from its first to its last character. Empty asks for the place. */
function hull(of: Traced, from: number, to: number): SourceRange | null {
  if (typeof of.value !== 'string') {
    if (of.kind === 'source') return { pointer: of.pointer, key: of.isKey, offset: 0, length: 0 };
    return of.kind === 'made' ? hull(of.of, of.at, of.at + of.length) : null;
  }
  const size = of.value.length;
  const place = from === to;
  const x = place && from > 0 && from === size ? from - 1 : from;
  const y = place ? Math.min(size, x + 1) : to;
  const found: SourceRange[] = [];
  resolve(of, x, y, 0, (_start, _end, pointer, key, offset, length) => {
    const range = found[0];
    if (range === undefined) found.push({ pointer, key, offset, length });
    else if (range.pointer === pointer && range.key === key) {
      const end = Math.max(range.offset + range.length, offset + length);
      range.offset = Math.min(range.offset, offset);
      range.length = end - range.offset;
    }
  });
  const range = found[0];
  if (range === undefined) return null;
  if (place) {
    if (from > x) range.offset += range.length;
    range.length = 0;
  }
  return range;
}

type OpenSegment = { -readonly [K in keyof Segment]: Segment[K] };

/** Whether `next` continues `last`: both template text, or a copy of the very next characters. */
const continues = (last: OpenSegment, pointer: Pointer | null, key: boolean, offset: number, how: How): boolean =>
  last.pointer === pointer &&
  last.key === key &&
  last.how === how &&
  (pointer === null || (how === 'copy' && last.offset + last.length === offset));

/** Segments that cover `[0, text.length)` without gap or overlap, and the places of empty values. UTF-16 units. */
export function segmentsOf(
  text: string,
  marks: readonly Mark[] | null,
): { readonly segments: readonly Segment[]; readonly anchors: readonly Anchor[] } {
  const segments: OpenSegment[] = [];
  const anchors: Anchor[] = [];
  let end = 0;
  const push = (
    start: number,
    stop: number,
    pointer: Pointer | null,
    key: boolean,
    offset: number,
    length: number,
    how: How,
  ): void => {
    const last = segments.at(-1);
    if (last !== undefined && continues(last, pointer, key, offset, how)) {
      last.end = stop;
      last.length += length;
    } else segments.push({ start, end: stop, pointer, key, offset, length, how });
  };
  const gap = (to: number): void => {
    if (to > end) push(end, to, null, false, 0, 0, 'template');
  };
  const emit: Emit = (start, stop, pointer, key, offset, length, how) => {
    if (start === stop) {
      anchors.push({ at: start, pointer, key, offset });
      return;
    }
    gap(start);
    push(start, stop, pointer, key, offset, length, how);
    end = stop;
  };
  if (marks !== null) for (const { at, piece } of marks) emitPiece(piece, at, emit);
  gap(text.length);
  return { segments, anchors };
}

function emitPiece(piece: TracedText, at: number, emit: Emit): void {
  const size = piece.value.length;
  if (piece.kind === 'source') emit(at, at + size, piece.pointer, piece.isKey, piece.offset, size, 'copy');
  else resolve(piece, 0, size, at, emit);
}
