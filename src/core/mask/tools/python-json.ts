import { floatRepr } from '../../jinja/numbers.ts';
import { Float, isArray, isObject, type Value } from '../../jsonl/value.ts';

/** Python's `json.dumps(value)`: a space behind `,` and `:`, and everything but ASCII escaped. */
export function jsonDumps(value: Value): string {
  if (typeof value === 'string') return escaped(value);
  if (isArray(value)) return `[${value.map(jsonDumps).join(', ')}]`;
  if (isObject(value))
    return `{${[...value].map(([key, member]) => `${escaped(key)}: ${jsonDumps(member)}`).join(', ')}}`;
  return value instanceof Float ? floatText(value.value) : String(value);
}

const escaped = (text: string): string =>
  JSON.stringify(text).replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? floatRepr(value) : value > 0 ? 'Infinity' : '-Infinity';
}
