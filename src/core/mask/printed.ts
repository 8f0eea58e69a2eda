import type { Pointer } from '../jsonl/value.ts';
import type { Rendering } from '../origin/segment.ts';

/** Which part of a message a piece of text came from. */
export type Field = 'content' | 'reasoning' | 'tool-call' | 'other';

/** A stretch of text that was printed from a value of the conversation (roles are the template's business and left out). */
export interface Printed {
  /** UTF-16 units of the text; equal where an empty value was printed. */
  readonly start: number;
  readonly end: number;
  readonly pointer: Pointer;
  /** UTF-16 units of the decoded source string. */
  readonly from: number;
  readonly to: number;
  /** Index of the message, -1 for tools and everything else. */
  readonly message: number;
  readonly field: Field;
}

const MESSAGES = '/messages/';
const MESSAGE_FIELD = /^\/messages\/(\d+)(?:\/([^/]+))?/;

interface Place {
  readonly message: number;
  readonly field: Field | 'role';
}

const NOWHERE: Place = { message: -1, field: 'other' };

const fieldNamed = (name: string | undefined, pointer: Pointer): Place['field'] => {
  switch (name) {
    case 'content':
      return pointer.endsWith('/thinking') || pointer.endsWith('/reasoning') ? 'reasoning' : 'content';
    case 'reasoning_content':
    case 'reasoning':
    case 'thinking':
      return 'reasoning';
    case 'tool_calls':
    case 'function_call':
      return 'tool-call';
    default:
      return 'other';
  }
};

/** Message and field of a pointer into the conversation. */
export function placeOf(pointer: Pointer): Place {
  if (!pointer.startsWith(MESSAGES)) return NOWHERE;
  const match = MESSAGE_FIELD.exec(pointer);
  if (match === null) return NOWHERE;
  const name = match[2];
  const isRole = name === 'role' && match[0].length === pointer.length;
  return { message: Number(match[1]), field: isRole ? 'role' : fieldNamed(name, pointer) };
}

/** What was printed of the conversation, in the order of the text. Empty values count: an empty answer still has its place. */
export function printedOf(rendering: Rendering): Printed[] {
  const pieces: Printed[] = [];
  const add = (start: number, end: number, pointer: Pointer, offset: number, length: number): void => {
    const { message, field } = placeOf(pointer);
    if (field !== 'role') pieces.push({ start, end, pointer, from: offset, to: offset + length, message, field });
  };
  for (const segment of rendering.segments)
    if (segment.pointer !== null) add(segment.start, segment.end, segment.pointer, segment.offset, segment.length);
  if (rendering.anchors.length > 0) {
    for (const anchor of rendering.anchors) add(anchor.at, anchor.at, anchor.pointer, anchor.offset, 0);
    pieces.sort((a, b) => a.start - b.start || a.end - b.end);
  }
  return pieces;
}

/** Index of the first piece that ends behind `at`. */
function firstEndingAfter(pieces: readonly Printed[], at: number): number {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pieces[middle]!.end <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether `[from, to)` is the template's own text (or a role's name) throughout. */
export function isTemplateText(pieces: readonly Printed[], from: number, to: number): boolean {
  for (let i = firstEndingAfter(pieces, from); i < pieces.length; i++) {
    const piece = pieces[i]!;
    if (piece.start >= to) return true;
    if (piece.start < piece.end) return false;
  }
  return true;
}
