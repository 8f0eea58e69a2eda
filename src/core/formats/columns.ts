import { isArray, isObject, type Pointer, pointerOf, type Value } from '../jsonl/value.ts';
import type { Conversation, Piece, Sources } from './conversation.ts';
import type { RowFormat } from './format.ts';
import type { RowObject } from './lib/chat.ts';

/** What a name of `columns` leads to: the row's own key of that name, else a JSON pointer, else a path with dots. */
function columnAt(row: RowObject, column: string): { value: Value; pointer: Pointer } | null {
  const own = row.get(column);
  if (own !== undefined) return { value: own, pointer: pointerOf('', column) };
  const steps = column.startsWith('/')
    ? column
        .slice(1)
        .split('/')
        .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    : column.split('.');
  let value: Value | undefined = row;
  let pointer: Pointer = '';
  for (const step of steps) {
    if (isObject(value)) value = value.get(step);
    else if (isArray(value) && /^\d+$/.test(step)) value = value[Number(step)];
    else return null;
    pointer = pointerOf(pointer, step);
  }
  return value === undefined ? null : { value, pointer };
}

/** The row as its target fields say: what the other formats can read. */
function mapped(
  row: RowObject,
  columns: Readonly<Record<string, string>>,
): { row: RowObject; from: Map<Pointer, Pointer> } {
  const target = new Map<string, Value>();
  const from = new Map<Pointer, Pointer>();
  for (const [field, column] of Object.entries(columns)) {
    const found = columnAt(row, column);
    if (found === null) continue;
    target.set(field, found.value);
    from.set(pointerOf('', field), found.pointer);
  }
  const args = row.get('chat_template_kwargs');
  if (args !== undefined) target.set('chat_template_kwargs', args);
  return { row: target, from };
}

function movedPointer(pointer: Pointer, from: ReadonlyMap<Pointer, Pointer>): Pointer {
  const end = pointer.indexOf('/', 1);
  const field = end === -1 ? pointer : pointer.slice(0, end);
  const column = from.get(field);
  return column === undefined ? pointer : column + pointer.slice(field.length);
}

function moved(conversation: Conversation, from: ReadonlyMap<Pointer, Pointer>): Conversation {
  const pieces = (list: readonly Piece[]): Piece[] =>
    list.map(
      (piece): Piece => (piece.pointer === null ? piece : { ...piece, pointer: movedPointer(piece.pointer, from) }),
    );
  if (conversation.kind === 'tokens') return conversation;
  if (conversation.kind === 'text')
    return { ...conversation, segments: conversation.segments.map((s) => ({ ...s, pieces: pieces(s.pieces) })) };
  const sources: Sources = new Map(
    [...conversation.sources].map(([key, source]) => [
      key,
      typeof source === 'string' ? movedPointer(source, from) : pieces(source),
    ]),
  );
  return { ...conversation, sources };
}

/**
 * Any other shape, mapped: `columns` names for each target field (`prompt`, `completion`, `messages`, `instruction`, `text`, ...)
 * the row's column. The target fields decide which format reads the row. `formatOf`: the registry's answer for such a row.
 */
export function columnsFormat(
  columns: Readonly<Record<string, string>>,
  formatOf: (row: RowObject) => RowFormat,
): RowFormat {
  const required = Object.values(columns).filter((column) => !column.startsWith('/') && !column.includes('.'));
  return {
    name: 'columns',
    title: 'Mapped columns',
    detect: (row) => (Object.values(columns).some((column) => columnAt(row, column) !== null) ? 0.5 : 0),
    schema: { type: 'object', required },
    toConversations(row) {
      const { row: target, from } = mapped(row, columns);
      return formatOf(target)
        .toConversations(target)
        .map((conversation) => moved(conversation, from));
    },
  };
}
