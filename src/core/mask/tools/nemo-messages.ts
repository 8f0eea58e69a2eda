import { isArray, isObject, type Value } from '../../jsonl/value.ts';
import { jsonDumps } from './python-json.ts';

type Message = ReadonlyMap<string, Value>;

const ROLES: readonly unknown[] = ['system', 'user', 'assistant', 'tool'];

/**
 * The messages as NeMo Automodel's `ChatDataset` (0.7) rewrites them: contents become strings, arguments of tool calls JSON.
 * `rows`: the row's own; `given`: the same, as the template sees them. A sentence where the tool stops at one.
 */
export function normalMessages(rows: readonly Message[], given: readonly Message[]): readonly Message[] | string {
  const messages: Message[] = [];
  for (const [i, row] of rows.entries()) {
    const wrong = wrongIn(row);
    if (wrong !== null)
      return `NeMo Automodel stops at this row: message ${i + 1} ${wrong}. Change it or remove the row.`;
    messages.push(normal(given[i] ?? row));
  }
  return messages;
}

function wrongIn(message: Message): string | null {
  const role = message.get('role');
  if (!ROLES.includes(role)) return 'has a role other than system, user, assistant and tool';
  if (role === 'tool' && !isText(message.get('tool_call_id'))) return 'has no `tool_call_id`';
  if (role !== 'assistant') return null;
  const reasoning = message.get('reasoning_content') ?? null;
  if (reasoning !== null && typeof reasoning !== 'string') return 'has a `reasoning_content` that is no string';
  const calls = message.get('tool_calls');
  if (calls === undefined) return null;
  if (!isArray(calls)) return 'has `tool_calls` that are no list';
  return calls.every(isCall) ? null : 'has a tool call without a function name and arguments';
}

const isText = (value: Value | undefined): value is string => typeof value === 'string' && value !== '';
const mayBeText = (value: Value | undefined): boolean => (value ?? null) === null || typeof value === 'string';

function isCall(call: Value): boolean {
  if (!isObject(call) || !mayBeText(call.get('id')) || !mayBeText(call.get('type'))) return false;
  const called = call.get('function');
  return isObject(called) && isText(called.get('name')) && (called.get('arguments') ?? null) !== null;
}

function normal(message: Message): Message {
  const changed = new Map(message);
  changed.set('content', textOf(message.get('content') ?? null));
  if (message.get('role') !== 'assistant') return changed;
  if (message.get('reasoning_content') === null) changed.set('reasoning_content', '');
  const calls = message.get('tool_calls');
  if (isArray(calls)) changed.set('tool_calls', calls.map(normalCall));
  return changed;
}

/** Texts of a list of parts are joined by spaces. What Python's `str` would make of anything else is left as it is. */
function textOf(content: Value): Value {
  if (content === null) return '';
  if (!isArray(content)) return content;
  return content
    .flatMap((part) => (isObject(part) && part.has('text') ? [part.get('text')] : []))
    .map((text) => (typeof text === 'string' ? text : jsonDumps(text ?? null)))
    .join(' ');
}

function normalCall(call: Value, index: number): Value {
  if (!isObject(call)) return call;
  const called = call.get('function');
  const given = isObject(called) ? called : new Map<string, Value>();
  const normalFunction = new Map(given);
  const args = given.get('arguments') ?? null;
  if (typeof args !== 'string') normalFunction.set('arguments', jsonDumps(args));
  return new Map([
    ...call,
    ['id', call.get('id') || `call_${index}`],
    ['type', call.get('type') || 'function'],
    ['function', normalFunction],
  ]);
}
