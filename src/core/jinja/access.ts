import { cut, isText, plain, type Text } from '../origin/traced.ts';
import { bind } from './arguments.ts';
import { Failure, fail } from './errors.ts';
import { indexOf } from './numbers.ts';
import { characters, codePointLength, equals, hashable, shownKey, unitOffsets, used } from './operators.ts';
import type { Runtime } from './runtime.ts';
import { textMethod } from './text.ts';
import {
  bare,
  bareText,
  Callable,
  copyDict,
  DictView,
  isDict,
  isList,
  type Keywords,
  LoopState,
  Markup,
  Namespace,
  orElse,
  type PyDict,
  type PyList,
  type PyValue,
  Range,
  Tuple,
  typeName,
  Undefined,
  undefinedAttribute,
  undefinedElement,
  undefinedHint,
} from './values.ts';

/** `ImmutableSandboxedEnvironment`: reading these gives an undefined that raises when it is called. */
const UNSAFE_DICT = new Set(['clear', 'pop', 'popitem', 'setdefault', 'update']);
const UNSAFE_LIST = new Set(['append', 'clear', 'pop', 'reverse', 'insert', 'sort', 'extend', 'remove']);

type DictMethod = (runtime: Runtime, dict: PyDict, args: PyList, keywords: Keywords) => PyValue;
const DICT_METHODS: ReadonlyMap<string, DictMethod> = new Map<string, DictMethod>([
  ['items', (_, dict, args) => none('items', args) ?? new DictView('items', dict)],
  ['keys', (_, dict, args) => none('keys', args) ?? new DictView('keys', dict)],
  ['values', (_, dict, args) => none('values', args) ?? new DictView('values', dict)],
  ['copy', (runtime, dict, args) => runtime.charge(8 * dict.size) ?? none('copy', args) ?? copyDict(dict)],
  [
    'get',
    (_, dict, args, keywords) => {
      if (keywords.size > 0) fail('dict.get() takes no keyword arguments');
      const [key, fallback] = bind('get', ['key', 'default'], args, keywords, 1);
      const value = dict.get(hashable(key!));
      return value === undefined ? (fallback ?? null) : value;
    },
  ],
  ['fromkeys', (runtime, _, args) => fromKeys(runtime, args)],
]);

/** Whether a dict has a method of this name: it wins over a key in `object.name`. */
export const isDictAttribute = (name: string): boolean =>
  DICT_METHODS.has(name) || UNSAFE_DICT.has(name) || name.startsWith('__');

function none(name: string, args: PyList): undefined {
  if (args.length > 0) fail(`dict.${name}() takes no arguments (${args.length} given)`);
  return undefined;
}

export function fromKeys(runtime: Runtime, args: PyList): PyValue {
  const [keys, value = null] = args;
  const list = isList(keys ?? null) ? (keys as PyList) : isText(keys ?? null) ? characters(keys as Text) : [];
  runtime.charge(list.length);
  return new Map(list.map((key) => [hashable(key), value]));
}

const LIST_METHODS: ReadonlyMap<string, (runtime: Runtime, list: PyList, args: PyList) => PyValue> = new Map([
  [
    'index',
    (runtime: Runtime, list: PyList, args: PyList): PyValue => {
      const x = orElse(args[0], () => fail('index expected at least 1 argument, got 0'));
      const from = args[1] === undefined ? 0 : indexOf(args[1]);
      const at = list.findIndex((item, i) => i >= (from < 0 ? from + list.length : from) && equals(x, item, runtime));
      return at < 0 ? fail(`${shownKey(x)} is not in list`) : at;
    },
  ],
  [
    'count',
    (runtime: Runtime, list: PyList, args: PyList): PyValue => {
      const x = orElse(args[0], () => fail('count() takes exactly one argument (0 given)'));
      return list.filter((item) => equals(item, x, runtime)).length;
    },
  ],
  ['copy', (_: Runtime, list: PyList): PyValue => Array.from(list)],
]);

const unsafe = (object: PyValue, name: string): Undefined =>
  undefinedHint(`access to attribute '${name}' of '${typeName(object)}' object is unsafe.`);

function charged(runtime: Runtime, list: PyList): PyList {
  runtime.charge(4 * list.length);
  return list;
}

/** A Python attribute, or undefined where there is none. */
function attribute(runtime: Runtime, object: PyValue, name: string): PyValue | undefined {
  if (isDict(object)) {
    const method = DICT_METHODS.get(name);
    if (method !== undefined)
      return new Callable(
        name,
        (r, args, keywords) => method(r, object, args, keywords),
        `<built-in method ${name} of dict object>`,
      );
    return UNSAFE_DICT.has(name) || DUNDER.has(name) ? unsafe(object, name) : undefined;
  }
  if (isText(object)) return textAttribute(object, object, name);
  if (isList(object)) {
    const method = LIST_METHODS.get(name);
    if (method !== undefined)
      return new Callable(
        name,
        (r, args) => method(r, charged(r, object), args),
        `<built-in method ${name} of list object>`,
      );
    return UNSAFE_LIST.has(name) || DUNDER.has(name) ? unsafe(object, name) : undefined;
  }
  if (object instanceof Undefined) return used(object) as never;
  if (object instanceof LoopState) return loopAttribute(runtime, object, name);
  if (object instanceof Namespace) return object.attributes.get(name);
  if (object instanceof Markup) return textAttribute(object, object.text, name);
  if (object instanceof Tuple) {
    const method = name === 'copy' ? undefined : LIST_METHODS.get(name);
    if (method !== undefined) return new Callable(name, (r, args) => method(r, object.items, args));
  }
  if (object instanceof Callable) {
    const own = object.attributes?.get(name);
    if (own !== undefined) return own;
  }
  if (object instanceof Range && (name === 'start' || name === 'stop' || name === 'step')) return object[name];
  const value = bare(object);
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (name === 'real' || name === 'numerator') return value;
    if (name === 'imag') return 0;
    if (name === 'denominator') return 1;
  }
  return DUNDER.has(name) ? unsafe(object, name) : undefined;
}

const DUNDER = new Set([
  ...['__class__', '__doc__', '__init__', '__dict__', '__getitem__', '__len__', '__eq__', '__str__', '__repr__'],
  ...['__hash__', '__dir__', '__new__', '__reduce__', '__reduce_ex__', '__subclasshook__', '__init_subclass__'],
  ...['__format__', '__sizeof__', '__getattribute__', '__setattr__', '__delattr__', '__lt__', '__gt__', '__ne__'],
]);

function textAttribute(object: PyValue, text: Text, name: string): PyValue | undefined {
  const method = textMethod(name);
  if (method === undefined) return DUNDER.has(name) ? unsafe(object, name) : undefined;
  return new Callable(
    name,
    (runtime, args, keywords) => callTextMethod(runtime, object, text, name, args, keywords),
    `<built-in method ${name} of str object>`,
  );
}

/** Methods whose text result stays Markup on a Markup. */
function callTextMethod(
  runtime: Runtime,
  object: PyValue,
  text: Text,
  name: string,
  args: PyList,
  keywords: Keywords,
): PyValue {
  runtime.charge(plain(text).length);
  const result = textMethod(name)!(runtime, text, args, keywords);
  if (!(object instanceof Markup)) return result;
  const wrap = (x: PyValue): PyValue => (isText(x) ? new Markup(x) : x);
  if (isList(result)) return result.map(wrap);
  return result instanceof Tuple ? new Tuple(result.items.map(wrap)) : wrap(result);
}

/** `text.method(...)` without making the bound method first. */
export function callMethod(
  runtime: Runtime,
  object: PyValue,
  name: string,
  args: PyList,
  keywords: Keywords,
): PyValue | undefined {
  if (isText(object)) {
    const method = textMethod(name);
    if (method === undefined) return undefined;
    runtime.charge(typeof object === 'string' ? object.length : object.value.length);
    return method(runtime, object, args, keywords);
  }
  if (isDict(object)) {
    const method = DICT_METHODS.get(name);
    return method === undefined ? undefined : method(runtime, object, args, keywords);
  }
  return undefined;
}

function loopAttribute(runtime: Runtime, loop: LoopState, name: string): PyValue | undefined {
  const { index0, depth0 } = loop;
  switch (name) {
    case 'index':
      return index0 + 1;
    case 'index0':
      return index0;
    case 'first':
      return index0 === 0;
    case 'last':
      return loop.at(index0 + 1) === undefined;
    case 'length':
      return loop.length;
    case 'revindex':
      return loop.length - index0;
    case 'revindex0':
      return loop.length - index0 - 1;
    case 'depth':
      return depth0 + 1;
    case 'depth0':
      return depth0;
    case 'previtem':
      return index0 === 0 ? undefinedHint('there is no previous item') : loop.at(index0 - 1)!;
    case 'nextitem':
      return orElse(loop.at(index0 + 1), () => undefinedHint('there is no next item'));
    case 'cycle':
      return new Callable('cycle', (_, args) =>
        orElse(args[index0 % args.length], () => fail('no items for cycling given')),
      );
    case 'changed':
      return new Callable('changed', (runtime, args) => {
        const same = loop.lastChanged !== null && equals(loop.lastChanged, args, runtime);
        loop.lastChanged = args;
        return !same;
      });
    default:
      runtime.step();
      return name.startsWith('_') ? unsafe(loop, name) : undefined;
  }
}

/** `object.name`: Python's attributes first, then items. */
export function getAttribute(runtime: Runtime, object: PyValue, name: string): PyValue {
  const own = attribute(runtime, object, name);
  if (own !== undefined) return own;
  if (isDict(object)) {
    const value = object.get(name);
    if (value !== undefined) return value;
  }
  return undefinedAttribute(object, name);
}

/** `object[key]`: items first, then Python's attributes. */
export function getItem(runtime: Runtime, object: PyValue, key: PyValue): PyValue {
  if (object instanceof Undefined) used(object);
  const found = item(runtime, object, key);
  if (found !== undefined) return found;
  const name = bareText(key);
  if (typeof name === 'string') {
    const own = attribute(runtime, object, name);
    return orElse(own, () => undefinedAttribute(object, name));
  }
  return undefinedElement(object, () => shownKey(key));
}

function item(runtime: Runtime, object: PyValue, key: PyValue): PyValue | undefined {
  if (isDict(object)) {
    const bareKey = bareText(key);
    return typeof bareKey === 'string'
      ? object.get(bareKey)
      : isList(bareKey) || isDict(bareKey)
        ? undefined
        : object.get(hashable(bareKey));
  }
  const at = bare(key);
  const index = typeof at === 'boolean' ? Number(at) : at;
  if (typeof index !== 'number') return undefined;
  if (isList(object)) return object[index < 0 ? object.length + index : index];
  if (object instanceof Tuple) return object.items[index < 0 ? object.items.length + index : index];
  if (isText(object)) return characterAt(runtime, object, index);
  if (object instanceof Markup) {
    const c = characterAt(runtime, object.text, index);
    return c === undefined ? undefined : new Markup(c);
  }
  if (object instanceof Range) {
    const i = index < 0 ? object.length + index : index;
    return i >= 0 && i < object.length ? object.at(i) : undefined;
  }
  return undefined;
}

function characterAt(runtime: Runtime, text: Text, index: number): Text | undefined {
  const value = plain(text);
  if (value.length > 4096) runtime.charge(value.length);
  const size = codePointLength(value);
  const at = index < 0 ? size + index : index;
  if (at < 0 || at >= size) return undefined;
  if (size === value.length) return cut(text, at, at + 1);
  const [from, to] = unitOffsets(value, at, at + 1);
  return cut(text, from, to);
}

/** `x.a.0.b` of filters that take an attribute. */
export function attributeGetter(path: PyValue): (runtime: Runtime, object: PyValue) => PyValue {
  const value = bareText(path);
  if (value === null) return (_, object) => object;
  const parts: PyValue[] =
    typeof value === 'string' ? value.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)) : [value];
  return (runtime, object) => {
    let result = object;
    for (const part of parts) result = getItem(runtime, result, part);
    return result;
  };
}

export const isFailure = (error: unknown): error is Failure => error instanceof Failure;
