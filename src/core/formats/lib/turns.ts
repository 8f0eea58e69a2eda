import { isArray, isObject, type Pointer, pointerOf, type Value } from '../../jsonl/value.ts';
import type { Piece } from '../conversation.ts';
import type { RowObject, Turn } from './chat.ts';
import { isCallRole, templateRole } from './roles.ts';
import { toolCalls } from './tool-calls.ts';
import { valueParts } from './value-parts.ts';

/** Whether a list is a conversation: its first object tells. */
export function turnShape(value: Value | undefined): 'role' | 'from' | null {
  if (!isArray(value)) return null;
  const first = value.find(isObject);
  if (first === undefined) return null;
  if (first.has('role') || first.has('content')) return 'role';
  return first.has('from') || first.has('value') ? 'from' : null;
}

/** Whether `{"role": "human"}` is told as the template's `user`. Only readers of `conversations` do so; TRL hands it on as it is. */
export type RoleNames = 'as-they-are' | 'aliases';

/** Turns of a list of messages, of either shape. What is no object is left out. */
export function turnsAt(value: Value | undefined, pointer: Pointer, names: RoleNames = 'as-they-are'): Turn[] {
  if (!isArray(value)) return [];
  const turns: Turn[] = [];
  value.forEach((item, index) => {
    if (isObject(item)) turns.push(turnAt(item, pointerOf(pointer, index), names));
  });
  return turns;
}

/** One turn: the row's own message, or `from`/`value` in the template's words. */
function turnAt(item: RowObject, from: Pointer, names: RoleNames): Turn {
  if (!item.has('from') && !item.has('value')) return valueParts(item, from) ?? roleTurn(item, from, names);
  return fromTurn(item, from);
}

function roleTurn(item: RowObject, from: Pointer, names: RoleNames): Turn {
  const role = item.get('role');
  if (names === 'as-they-are' || typeof role !== 'string' || templateRole(role) === role)
    return { message: item, from };
  return rebuilt(item, from, templateRole(role), 'role', 'content');
}

function fromTurn(item: RowObject, from: Pointer): Turn {
  const role = item.get('from');
  const value = item.get('value');
  const calls = typeof role === 'string' && isCallRole(role) && typeof value === 'string' ? toolCalls(value) : null;
  if (calls === null) return rebuilt(item, from, typeof role === 'string' ? templateRole(role) : role, 'from', 'value');
  return {
    message: new Map<string, Value>([
      ['role', 'assistant'],
      ['content', ''],
      ['tool_calls', calls],
    ]),
    from: null,
    sources: new Map<string, readonly Piece[]>([
      ['tool_calls', [{ pointer: pointerOf(from, 'value'), text: typeof value === 'string' ? value : '' }]],
    ]),
    flags: item,
  };
}

/** The message with `role` and `content` under these names and in this order; all other keys as they are. */
function rebuilt(item: RowObject, from: Pointer, role: Value | undefined, roleKey: string, contentKey: string): Turn {
  const message = new Map<string, Value>();
  const sources = new Map<string, Pointer>();
  for (const [key, value] of item) {
    const name = key === roleKey ? 'role' : key === contentKey ? 'content' : key;
    const told = key === roleKey && role !== undefined ? role : value;
    message.set(name, told);
    // A role told in other words is the format's own.
    if (told === value) sources.set(name, pointerOf(from, key));
  }
  return { message, from: null, sources, flags: item };
}
