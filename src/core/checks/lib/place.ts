import type { Conversation, Piece } from '../../formats/conversation.ts';
import { type Pointer, pointerOf, type Range, type Value } from '../../jsonl/value.ts';

/** Where something of a conversation stands in the row. */
export interface Place {
  readonly pointer: Pointer;
  readonly within?: Range;
}

const parentOf = (pointer: Pointer): Pointer => pointer.slice(0, pointer.lastIndexOf('/'));

/**
 * From a pointer into the conversation (and a range of its string, UTF-16 units) to the row. Where the format made the
 * value up, the nearest thing that it made it from: the message's text, else the row.
 */
export function placeOf(conversation: Conversation, pointer: Pointer, range?: Range): Place {
  if (conversation.kind !== 'chat') return range ? { pointer, within: range } : { pointer };
  const { sources } = conversation;
  for (let ancestor = pointer; ; ancestor = parentOf(ancestor)) {
    const source = sources.get(ancestor);
    if (typeof source === 'string') {
      const found = source + pointer.slice(ancestor.length);
      return range ? { pointer: found, within: range } : { pointer: found };
    }
    // Inside a value that was parsed from a string, offsets of that string say nothing.
    if (source) return inPieces(source, ancestor === pointer ? range : undefined);
    if (ancestor === '') break;
  }
  const message = /^\/messages\/\d+/.exec(pointer)?.[0];
  return message !== undefined && sources.has(`${message}/content`) && !pointer.startsWith(`${message}/content`)
    ? { pointer: placeOf(conversation, `${message}/content`).pointer }
    : { pointer: '' };
}

function inPieces(pieces: readonly Piece[], range: Range | undefined): Place {
  let start = 0;
  for (const piece of pieces) {
    const end = start + piece.text.length;
    if (range && piece.pointer !== null && range[0] >= start && range[0] < end) {
      const offset = (piece.offset ?? 0) - start;
      return { pointer: piece.pointer, within: [range[0] + offset, Math.min(range[1], end) + offset] };
    }
    start = end;
  }
  // The last piece of the row is its own text; what stands before is often the same in every row.
  return { pointer: pieces.findLast((piece) => piece.pointer !== null)?.pointer ?? '' };
}

/** What `pointer` leads to inside `value`; undefined where there is nothing. */
export function valueAt(value: Value | undefined, pointer: Pointer): Value | undefined {
  let current = value;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (current instanceof Map) current = current.get(key) as Value | undefined;
    else if (Array.isArray(current)) current = current[Number(key)] as Value | undefined;
    else return undefined;
  }
  return current;
}

export { pointerOf };
