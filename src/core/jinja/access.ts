import { Float } from '../jsonl/value.ts';
import { cut, isText, plain, type Text } from '../origin/traced.ts';
import { dictGet } from './dicts.ts';
import { fail, isFailure } from './errors.ts';
import { formatBraces } from './format-braces.ts';
import { unescapeHtml, withoutTags } from './html.ts';
import { DICT_METHODS, LIST_METHODS, otherMethod } from './methods.ts';
import { numberOf } from './numbers.ts';
import { codePointLength, equals, iterate, shownKey, unitOffsets, used } from './operators.ts';
import { escapeHtml, str } from './printing.ts';
import type { Runtime } from './runtime.ts';
import { textMethod } from './text.ts';
import {
  Bytes,
  bare,
  bareText,
  Callable,
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

/** Whether a dict has a method of this name: it wins over a key in `object.name`. */
export const isDictAttribute = (name: string): boolean =>
  DICT_METHODS.has(name) || UNSAFE_DICT.has(name) || name.startsWith('__');

const unsafe = (object: PyValue, name: string): Undefined =>
  undefinedHint(`access to attribute '${name}' of '${typeName(object)}' object is unsafe.`);

function charged(runtime: Runtime, list: PyList): PyList {
  runtime.charge(4 * list.length);
  return list;
}

/** A Python attribute, or undefined where there is none. */
export function attribute(runtime: Runtime, object: PyValue, name: string): PyValue | undefined {
  if (isDict(object)) {
    const method = DICT_METHODS.get(name);
    if (method !== undefined) return builtin('dict', name, (r, args, keywords) => method(r, object, args, keywords));
    return UNSAFE_DICT.has(name) || DUNDER.has(name) ? unsafe(object, name) : undefined;
  }
  if (isText(object)) return textAttribute(object, object, name);
  if (isList(object)) {
    const method = LIST_METHODS.get(name);
    if (method !== undefined) {
      return builtin('list', name, (r, args, keywords) => method(r, charged(r, object), args, keywords));
    }
    return UNSAFE_LIST.has(name) || DUNDER.has(name) ? unsafe(object, name) : undefined;
  }
  if (object instanceof Undefined) return DUNDER.has(name) ? unsafe(object, name) : (used(object) as never);
  if (object instanceof LoopState) return loopAttribute(runtime, object, name);
  if (object instanceof Namespace) {
    const own = object.attributes.get(name);
    return own !== undefined && name.startsWith('_') ? unsafe(object, name) : own;
  }
  if (object instanceof Markup) return markupAttribute(object, name);
  if (object instanceof Callable) {
    const own = object.attributes?.get(name);
    if (own !== undefined) return own;
  }
  if (object instanceof Tuple) {
    const at = object.names?.indexOf(name) ?? -1;
    if (at >= 0) return object.items[at];
  }
  if (object instanceof Range && (name === 'start' || name === 'stop' || name === 'step')) return object[name];
  const method = otherMethod(object, name);
  if (method !== undefined) return builtin(typeName(object), name, method.call);
  return numberAttribute(bare(object), name) ?? (DUNDER.has(name) ? unsafe(object, name) : undefined);
}

const builtin = (type: string, name: string, call: Callable['call']): Callable =>
  new Callable(name, call, `<built-in method ${name} of ${type} object>`);

function numberAttribute(value: PyValue, name: string): PyValue | undefined {
  const n = numberOf(value);
  if (n === undefined) return undefined;
  if (value instanceof Float) return name === 'real' ? value : name === 'imag' ? new Float(0) : undefined;
  if (name === 'real' || name === 'numerator') return n;
  if (name === 'imag') return 0;
  return name === 'denominator' ? 1 : undefined;
}

const DUNDER = new Set([
  ...['__class__', '__doc__', '__init__', '__dict__', '__getitem__', '__len__', '__eq__', '__str__', '__repr__'],
  ...['__hash__', '__dir__', '__new__', '__reduce__', '__reduce_ex__', '__subclasshook__', '__init_subclass__'],
  ...['__format__', '__sizeof__', '__getattribute__', '__setattr__', '__delattr__', '__lt__', '__gt__', '__ne__'],
]);

function textAttribute(object: PyValue, text: Text, name: string): PyValue | undefined {
  const method = textMethod(name);
  if (method === undefined) return DUNDER.has(name) ? unsafe(object, name) : undefined;
  return builtin('str', name, (runtime, args, keywords) => {
    runtime.charge(plain(text).length);
    return method(runtime, text, args, keywords);
  });
}

/** Methods of Markup give Markup, and escape the texts that they put in (markupsafe 3). */
function markupAttribute(object: Markup, name: string): PyValue | undefined {
  if (name === 'striptags' || name === 'unescape') {
    return builtin('Markup', name, () => {
      const text = plain(object.text);
      return name === 'striptags' ? withoutTags(text) : unescapeHtml(text);
    });
  }
  const method = textMethod(name);
  if (method === undefined) return DUNDER.has(name) ? unsafe(object, name) : undefined;
  return builtin('Markup', name, (runtime, args, keywords) => {
    runtime.charge(plain(object.text).length);
    if (name === 'format' || name === 'format_map') {
      const [map] = args;
      if (name === 'format_map' && args.length !== 1) fail('format_map() takes exactly one argument');
      const [list, named] = name === 'format' ? [args, keywords as PyDict] : [[], isDict(map!) ? map : new Map()];
      return new Markup(formatBraces(runtime, object.text, list, named, true));
    }
    return marked(method(runtime, object.text, escapedFor(name, args, runtime), keywords));
  });
}

/** Which arguments of a Markup's method are escaped. */
function escapedFor(name: string, args: PyList, runtime: Runtime): PyList {
  if (name === 'join') return args.length === 1 ? [iterate(runtime, args[0]!).map(escaped)] : args;
  if (name === 'replace' || ['ljust', 'rjust', 'center'].includes(name)) {
    return args.map((x, i) => (i === 1 ? escaped(x) : x));
  }
  return args;
}

const escaped = (x: PyValue): PyValue => (x instanceof Markup ? x.text : escapeHtml(str(x)));

function marked(result: PyValue): PyValue {
  if (isText(result)) return new Markup(result);
  if (isList(result)) return result.map(marked);
  return result instanceof Tuple ? new Tuple(result.items.map(marked)) : result;
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
    if (typeof bareKey === 'string') return object.get(bareKey);
    try {
      return dictGet(object, bareKey);
    } catch (error) {
      if (isFailure(error) && error.kind === 'python') return undefined;
      throw error;
    }
  }
  const at = bare(key);
  const index = typeof at === 'boolean' ? Number(at) : at;
  if (typeof index !== 'number') return undefined;
  if (isText(object)) return characterAt(runtime, object, index);
  if (object instanceof Markup) {
    const c = characterAt(runtime, object.text, index);
    return c === undefined ? undefined : new Markup(c);
  }
  const place = (length: number): number => (index < 0 ? length + index : index);
  if (isList(object)) return object[place(object.length)];
  if (object instanceof Tuple) return object.items[place(object.items.length)];
  if (object instanceof Bytes) return object.data[place(object.data.length)];
  if (object instanceof Range) {
    const i = place(object.length);
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

/** `x.a.0.b` of filters that take an attribute; `fallback` stands for each part that is not there. */
export function attributeGetter(
  path: PyValue,
  fallback: PyValue = null,
): (runtime: Runtime, object: PyValue) => PyValue {
  const value = bareText(path);
  if (value === null) return (_, object) => object;
  const parts: PyValue[] =
    typeof value === 'string'
      ? value.split('.').map((part) => (/^\p{Nd}+$/u.test(part) ? Number(part) : part))
      : [value];
  const has = bare(fallback) !== null;
  return (runtime, object) => {
    let result = object;
    for (const part of parts) {
      result = getItem(runtime, result, part);
      if (has && result instanceof Undefined) result = fallback;
    }
    return result;
  };
}
