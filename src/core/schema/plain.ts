import { Float, isArray, isObject, type Value } from '../jsonl/value.ts';

/**
 * A row as plain JavaScript, for schema validators. Big integers lose digits, floats their kind; objects have no prototype, so
 * that `__proto__` is a key like any other.
 */
export function toPlain(value: Value): unknown {
  if (value instanceof Float) return value.value;
  if (typeof value === 'bigint') return Number(value);
  if (isArray(value)) return value.map(toPlain);
  if (!isObject(value)) return value;
  const plain = Object.create(null) as Record<string, unknown>;
  for (const [key, member] of value) plain[key] = toPlain(member);
  return plain;
}
