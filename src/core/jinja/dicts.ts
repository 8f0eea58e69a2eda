import { TracedBase, type TracedText } from '../origin/traced.ts';
import { fail } from './errors.ts';
import { equals } from './operators.ts';
import {
  bareText,
  DictView,
  isDict,
  isList,
  type PyDict,
  type PyValue,
  TracedDict,
  Tuple,
  typeName,
} from './values.ts';

/**
 * Python's dicts as Maps. Texts, None and most numbers are their own keys; a float or a tuple is found by comparing,
 * and `1`, `1.0` and `True` are one key, of which the first stays.
 */

/** Raises Python's refusal of a key that can change. */
export function hashable(x: PyValue): PyValue {
  if (typeof x === 'string') return x;
  const key = bareText(x);
  if (isList(key) || isDict(key) || (key instanceof DictView && key.kind !== 'values')) {
    return fail(`unhashable type: '${typeName(key)}'`);
  }
  if (key instanceof Tuple) for (const item of key.items) hashable(item);
  return key;
}

/** The key of `dict` that equals `key`, or undefined where it has none. */
function findKey(dict: PyDict, key: PyValue): PyValue | undefined {
  if (dict.has(key)) return key;
  if (typeof key === 'string' || key === null) return undefined;
  for (const other of dict.keys()) if (typeof other !== 'string' && equals(other, key)) return other;
  return undefined;
}

/** `dict[key]`, or undefined. Raises for a key that cannot be one. */
export function dictGet(dict: PyDict, key: PyValue): PyValue | undefined {
  if (typeof key === 'string') return dict.get(key);
  const found = findKey(dict, hashable(key));
  return found === undefined ? undefined : dict.get(found);
}

/** `key in dict`. Raises for a key that cannot be one. */
export const dictHas = (dict: PyDict, key: PyValue): boolean => findKey(dict, hashable(key)) !== undefined;

/** Builds a dict; traced keys are remembered beside the bare ones. */
export function dictOf(entries: Iterable<readonly [PyValue, PyValue]>): Map<PyValue, PyValue> {
  let dict: Map<PyValue, PyValue> = new Map();
  for (const [key, value] of entries) {
    if (key instanceof TracedBase && typeof key.value === 'string') {
      if (!(dict instanceof TracedDict)) {
        const traced = new TracedDict();
        for (const [k, v] of dict) traced.set(k, v);
        dict = traced;
      }
      const traced = dict as TracedDict;
      if (traced.keyOrigins === null) traced.keyOrigins = new Map();
      traced.keyOrigins.set(key.value, key as TracedText);
    }
    const bare = hashable(key);
    dict.set(findKey(dict, bare) ?? bare, value);
  }
  return dict;
}
