import { Float, isArray, isObject, type Value } from '../../jsonl/value.ts';

/** Equality of two values as Python's `==` sees it, but for numbers of different kinds. */
export function sameValue(one: Value | undefined, other: Value | undefined): boolean {
  if (one === other) return true;
  if (one instanceof Float && other instanceof Float) return one.value === other.value;
  if (isArray(one) && isArray(other))
    return one.length === other.length && one.every((item, index) => sameValue(item, other[index]));
  if (!isObject(one) || !isObject(other) || one.size !== other.size) return false;
  for (const [key, value] of one) if (!other.has(key) || !sameValue(value, other.get(key))) return false;
  return true;
}
