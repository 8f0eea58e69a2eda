import { readJson } from '../../jsonl/read-json.ts';
import { isArray, isObject, type Value } from '../../jsonl/value.ts';

/** `{"name": ..., "arguments": ...}`, or a list of such, as OpenAI tool calls; null when it is something else. */
export function toolCalls(text: string): Value | null {
  const parsed = readJson(text).value;
  const calls = isArray(parsed) ? parsed : parsed === undefined ? [] : [parsed];
  if (calls.length === 0 || !calls.every((call) => isObject(call) && typeof call.get('name') === 'string')) return null;
  return calls.map(
    (call): Value =>
      new Map<string, Value>([
        ['type', 'function'],
        ['function', call],
      ]),
  );
}
