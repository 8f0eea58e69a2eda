import { Float, type Pointer, pointerOf, type Value } from '../jsonl/value.ts';
import { Source, type Text, type Traced, TracedBase, type TracedText } from '../origin/traced.ts';
import type { Runtime } from './runtime.ts';

/**
 * Python's values. none null, bool boolean, int number | bigint, float Float, str string | traced text, list Array,
 * tuple Tuple, dict Map. A leaf of a traced row is `Traced`; containers of a traced row know their pointer.
 */
export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | Float
  | string
  | Traced
  | Markup
  | Undefined
  | Tuple
  | Lazy
  | DictView
  | Range
  | Namespace
  | LoopState
  | Callable
  | Bytes
  | readonly PyValue[]
  | ReadonlyMap<PyValue, PyValue>;

export type PyDict = ReadonlyMap<PyValue, PyValue>;
export type PyList = readonly PyValue[];
export type Keywords = ReadonlyMap<string, PyValue>;
export const NO_KEYWORDS: Keywords = new Map();

/** markupsafe's `str` that escapes what is added to it. */
export class Markup {
  readonly text: Text;
  constructor(text: Text) {
    this.text = text;
  }
}

/** Jinja's lenient undefined: prints as nothing, raises when it is used. The message is made only then. */
export class Undefined {
  readonly message: () => string;
  constructor(message: () => string) {
    this.message = message;
  }
}
export const undefinedName = (name: string): Undefined => new Undefined(() => `'${name}' is undefined`);
export const undefinedHint = (hint: string): Undefined => new Undefined(() => hint);

export class Tuple {
  readonly items: PyList;
  /** Names of the items of a named tuple (a group of `groupby`). */
  readonly names: readonly string[] | null;
  constructor(items: PyList, names: Tuple['names'] = null) {
    this.items = items;
    this.names = names;
  }
}

/** A generator: read once, from the front, and what it raises is raised when it is read. */
export class Lazy {
  readonly iterator: Iterator<PyValue>;
  readonly name: string;
  constructor(iterator: Iterator<PyValue>, name = 'generator') {
    this.iterator = iterator;
    this.name = name;
  }
  rest(runtime: Runtime): PyValue[] {
    const list: PyValue[] = [];
    for (let step = this.iterator.next(); step.done !== true; step = this.iterator.next()) {
      runtime.step();
      list.push(step.value);
    }
    return list;
  }
}

/** `dict.items()`, `.keys()`, `.values()` */
export class DictView {
  readonly kind: 'items' | 'keys' | 'values';
  readonly of: PyDict;
  constructor(kind: DictView['kind'], of: PyDict) {
    this.kind = kind;
    this.of = of;
  }
  list(): PyValue[] {
    if (this.kind === 'values') return [...this.of.values()];
    if (this.kind === 'keys') return keysOf(this.of);
    return entriesOf(this.of);
  }
}

/** Python's `bytes`, which a template gets from `str.encode`. */
export class Bytes {
  readonly data: Uint8Array;
  constructor(data: Uint8Array) {
    this.data = data;
  }
}

export class Range {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly length: number;
  constructor(start: number, stop: number, step: number) {
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.length = Math.max(0, Math.ceil((stop - start) / step));
  }
  at(index: number): number {
    return this.start + index * this.step;
  }
  list(): number[] {
    return Array.from({ length: this.length }, (_, i) => this.at(i));
  }
}

export class Namespace {
  readonly attributes: Map<PyValue, PyValue>;
  /** The name of its Python class. */
  readonly type: string;
  constructor(attributes: Map<PyValue, PyValue>, type = 'TemplateNamespace') {
    this.attributes = attributes;
    this.type = type;
  }
}

/** The `loop` variable. Items of a lazy iterable are read when the loop needs them, as Python does. */
export class LoopState {
  readonly depth0: number;
  /** Renders the loop again over another iterable; null where the loop is not recursive. */
  readonly recurse: ((items: PyValue, depth0: number) => Text) | null;
  private readonly seen: PyList;
  /** Puts one more item into `seen`, or says that there is none; null where all are there. */
  private readonly more: (() => boolean) | null;
  /** The loop that this one goes over, whose length it takes for its own. */
  private readonly outer: LoopState | null;
  index0 = -1;
  lastChanged: PyList | null = null;
  constructor(
    seen: PyList,
    more: (() => boolean) | null,
    depth0: number,
    recurse: LoopState['recurse'],
    outer: LoopState | null = null,
  ) {
    this.seen = seen;
    this.more = more;
    this.depth0 = depth0;
    this.recurse = recurse;
    this.outer = outer;
  }
  /** Goes on to the next item; undefined at the end. */
  next(): PyValue | undefined {
    const item = this.at(this.index0 + 1);
    if (item !== undefined) this.index0++;
    return item;
  }
  /** The loop as the template may iterate it, which takes its items away from it. */
  *items(): Generator<Tuple> {
    for (let item = this.next(); item !== undefined; item = this.next()) yield new Tuple([item, this]);
  }
  at(index: number): PyValue | undefined {
    while (this.more !== null && this.seen.length <= index && this.more());
    return this.seen[index];
  }
  get length(): number {
    if (this.outer !== null) return this.outer.length;
    while (this.more?.() === true);
    return this.seen.length;
  }
}

export class Callable {
  readonly name: string;
  readonly call: (runtime: Runtime, args: PyList, keywords: Keywords) => PyValue;
  /** What Python's repr prints. */
  readonly shown: string;
  /** The attributes of a macro, a cycler, a joiner. */
  readonly attributes: ReadonlyMap<string, PyValue> | null;
  /** The name of its Python type. */
  readonly type: string;
  constructor(
    name: string,
    call: Callable['call'],
    shown = `<built-in method ${name}>`,
    attributes: Callable['attributes'] = null,
    type = 'builtin_function_or_method',
  ) {
    this.name = name;
    this.call = call;
    this.shown = shown;
    this.attributes = attributes;
    this.type = type;
  }
}

// ---- containers that know their origin

export class TracedList extends Array<PyValue> {
  pointer: Pointer = '';
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** A dict of the row (pointer), or one of the template whose keys came from the row (keys). */
export class TracedDict extends Map<PyValue, PyValue> {
  pointer: Pointer | null = null;
  keyOrigins: Map<PyValue, TracedText> | null = null;
}

/** Wraps every leaf below `value`; containers learn their pointer. One pass before a traced render. */
export function traceValue(value: Value, pointer: Pointer): PyValue {
  if (value instanceof Map) {
    const dict = new TracedDict();
    dict.pointer = pointer;
    for (const [key, item] of value as ReadonlyMap<string, Value>)
      dict.set(key, traceValue(item, pointerOf(pointer, key)));
    return dict;
  }
  if (Array.isArray(value)) {
    const list = new TracedList();
    list.pointer = pointer;
    for (let i = 0; i < value.length; i++) list.push(traceValue(value[i] as Value, `${pointer}/${i}`));
    return list;
  }
  return new Source(value as Exclude<Value, ReadonlyMap<string, Value> | readonly Value[]>, pointer, 0, false);
}

/** Something that stands for a whole container of the row: its punctuation is made from it. */
export function wholeOf(value: PyValue): Traced | null {
  const pointer = value instanceof TracedDict || value instanceof TracedList ? value.pointer : null;
  return pointer === null ? null : new Source(null, pointer, 0, false);
}

/** A key of a dict as a value, with its origin where it has one. */
export function keyValue(dict: PyDict, key: PyValue): PyValue {
  if (typeof key !== 'string' || !(dict instanceof TracedDict)) return key;
  const own = dict.keyOrigins?.get(key);
  if (own !== undefined) return own;
  return dict.pointer === null ? key : new Source(key, pointerOf(dict.pointer, key), 0, true);
}
export function keysOf(dict: PyDict): PyValue[] {
  if (!(dict instanceof TracedDict)) return [...dict.keys()];
  return Array.from(dict.keys(), (key) => keyValue(dict, key));
}
export function entriesOf(dict: PyDict): Tuple[] {
  return Array.from(dict, ([key, value]) => new Tuple([keyValue(dict, key), value]));
}

export function copyDict(dict: PyDict): Map<PyValue, PyValue> {
  if (!(dict instanceof TracedDict)) return new Map(dict);
  const copy = new TracedDict();
  for (const [key, value] of dict) copy.set(key, value);
  copy.pointer = dict.pointer;
  copy.keyOrigins = dict.keyOrigins === null ? null : new Map(dict.keyOrigins);
  return copy;
}

/** The bare value: without its origin. */
export const bare = (value: PyValue): PyValue => (value instanceof TracedBase ? value.value : value);
/** The bare value, a Markup being its text. */
export function bareText(value: PyValue): PyValue {
  if (value instanceof Markup) return typeof value.text === 'string' ? value.text : value.text.value;
  return value instanceof TracedBase ? value.value : value;
}

/** `value`, or what `otherwise` gives where there is none. None is a value, so `??` would not do. */
export const orElse = (value: PyValue | undefined, otherwise: () => PyValue): PyValue =>
  value === undefined ? otherwise() : value;

export const isDict = (value: PyValue): value is PyDict => value instanceof Map;
export const isList = (value: PyValue): value is PyList => Array.isArray(value);

/** Python's type name. */
export function typeName(value: PyValue): string {
  const v = bare(value);
  if (typeof v === 'string') return 'str';
  if (v === null) return 'NoneType';
  if (typeof v === 'boolean') return 'bool';
  if (typeof v === 'number' || typeof v === 'bigint') return 'int';
  if (v instanceof Float) return 'float';
  if (isList(v)) return 'list';
  if (isDict(v)) return 'dict';
  if (v instanceof Tuple) return 'tuple';
  if (v instanceof Undefined) return 'Undefined';
  if (v instanceof Lazy) return v.name;
  if (v instanceof Markup) return 'Markup';
  if (v instanceof Bytes) return 'bytes';
  if (v instanceof DictView) return `dict_${v.kind}`;
  if (v instanceof Range) return 'range';
  if (v instanceof Namespace) return v.type;
  if (v instanceof LoopState) return 'LoopContext';
  return v instanceof Callable ? v.type : 'object';
}

const LIBRARY_TYPES: Readonly<Record<string, string>> = {
  Markup: 'markupsafe.Markup',
  LoopContext: 'jinja2.runtime.LoopContext',
  Macro: 'jinja2.runtime.Macro',
  Cycler: 'jinja2.utils.Cycler',
  Namespace: 'jinja2.utils.Namespace',
  Joiner: 'jinja2.utils.Joiner',
  TemplateDict: 'transformers.utils.chat_template_utils.TemplateDict',
  TemplateNamespace: 'transformers.utils.chat_template_utils.TemplateNamespace',
};
/** Jinja's `object_type_repr`. */
export function objectTypeName(value: PyValue): string {
  if (bare(value) === null) return 'None';
  const name = typeName(value);
  return `${LIBRARY_TYPES[name] ?? name} object`;
}

export const undefinedAttribute = (object: PyValue, name: string): Undefined =>
  new Undefined(() => `'${objectTypeName(object)}' has no attribute '${name}'`);
export const undefinedElement = (object: PyValue, shown: () => string): Undefined =>
  new Undefined(() => `${objectTypeName(object)} has no element ${shown()}`);
