import { readJson } from '../../jsonl/read-json.ts';
import { isArray, isObject, type Value } from '../../jsonl/value.ts';
import type { RenderContext } from '../../template/chat-template.ts';
import type { ToolInput } from './tool.ts';

/** Where axolotl raises: what it stumbled over. */
export class Raised extends Error {}

type Message = ReadonlyMap<string, Value>;

/**
 * The row as axolotl renders it: members without a value removed, arguments of tool calls read where they are JSON in a
 * string, and without a look at `chat_template_kwargs`. Throws the template's refusal of it, and `Raised`.
 */
export function asAxolotlReads(input: ToolInput): ToolInput {
  const { context, conversation, template } = input;
  const messages = context.messages.map((message) => withArguments(withoutNulls(message) as Message));
  const tools = withoutNulls(context.tools);
  const given = conversation.templateArgs;
  const changed = tools !== context.tools || messages.some((message, i) => message !== context.messages[i]);
  if (!changed && given.size === 0) return input;
  const args = new Map([...context.args].filter(([name]) => !given.has(name)));
  const read: RenderContext = { ...context, messages, tools, args };
  if (changed) template.plain(read);
  return { ...input, context: read };
}

/** The value itself where there is nothing to remove. */
function withoutNulls(value: Value): Value {
  if (isArray(value)) {
    const items = value.map(withoutNulls);
    return items.some((item, i) => item !== value[i]) ? items : value;
  }
  if (!isObject(value)) return value;
  const members = [...value]
    .filter(([, member]) => member !== null)
    .map(([key, member]) => [key, withoutNulls(member)] as const);
  const same = members.length === value.size && members.every(([key, member]) => member === value.get(key));
  return same ? value : new Map(members);
}

function withArguments(message: Message): Message {
  const calls = message.get('tool_calls');
  if (!isArray(calls)) return message;
  const read = calls.map((call) => {
    const called = isObject(call) ? call.get('function') : undefined;
    const given = isObject(called) ? called.get('arguments') : undefined;
    if (!isObject(call) || !isObject(called) || typeof given !== 'string') return call;
    const { failure, value } = readJson(given);
    if (failure !== null) throw new Raised('the arguments of a tool call are no JSON');
    return new Map(call).set('function', new Map(called).set('arguments', value));
  });
  return read.some((call, i) => call !== calls[i]) ? new Map(message).set('tool_calls', read) : message;
}
