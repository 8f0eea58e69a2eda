import { Float } from '../jsonl/value.ts';
import { concat, cut, isText, plain, type Text, TextWriter } from '../origin/traced.ts';
import { dictGet, dictHas } from './dicts.ts';
import { fail } from './errors.ts';
import { formatPercent } from './format-percent.ts';
import { arithmetic, indexOf, isFloat, numberOf } from './numbers.ts';
import { addMarkup, escapeHtml, plainStr, repr } from './printing.ts';
import { checkSize, type Runtime } from './runtime.ts';
import {
  Bytes,
  bare,
  bareText,
  Callable,
  DictView,
  isDict,
  isList,
  keysOf,
  Lazy,
  LoopState,
  Markup,
  Namespace,
  type PyList,
  type PyValue,
  Range,
  Tuple,
  typeName,
  Undefined,
} from './values.ts';

/** Raises what Jinja raises when an undefined value is used. */
export function used(value: PyValue): void {
  if (value instanceof Undefined) fail(value.message());
}

export function truth(x: PyValue): boolean {
  if (typeof x === 'boolean') return x;
  if (typeof x === 'string') return x !== '';
  const v = bare(x);
  if (v === null || v === false || v === '' || v === 0 || v === 0n || v instanceof Undefined) return false;
  if (isList(v)) return v.length > 0;
  if (isDict(v)) return v.size > 0;
  if (v instanceof Float) return v.value !== 0;
  if (v instanceof Tuple) return v.items.length > 0;
  if (v instanceof Markup) return plain(v.text) !== '';
  if (v instanceof DictView) return v.of.size > 0;
  if (v instanceof Range) return v.length > 0;
  if (v instanceof LoopState) return v.length > 0;
  if (v instanceof Bytes) return v.data.length > 0;
  return true;
}

/** `runtime` is charged for what is compared: two lists may share their parts so often that they never end. */
export function equals(a: PyValue, b: PyValue, runtime?: Runtime): boolean {
  if (typeof a === 'string' && typeof b === 'string') return sameText(a, b, runtime);
  if (a === b) return !(a instanceof Float && Number.isNaN(a.value));
  const x = bareText(a);
  const y = bareText(b);
  if (typeof x === 'string' || typeof y === 'string')
    return typeof x === 'string' && typeof y === 'string' && sameText(x, y, runtime);
  if (x instanceof Undefined || y instanceof Undefined) return x instanceof Undefined && y instanceof Undefined;
  const m = numberOf(x);
  const n = numberOf(y);
  // biome-ignore lint/suspicious/noDoubleEquals: 1 == 1n across int representations
  if (m !== undefined && n !== undefined) return m == n;
  if (isList(x)) return isList(y) && sameItems(x, y, runtime);
  if (x instanceof Tuple) return y instanceof Tuple && sameItems(x.items, y.items, runtime);
  if (x instanceof Range) return y instanceof Range && sameItems(x.list(), y.list(), runtime);
  if (x instanceof Bytes) return y instanceof Bytes && sameItems([...x.data], [...y.data], runtime);
  if (x instanceof DictView) return y instanceof DictView && sameView(x, y, runtime);
  if (isDict(x) && isDict(y)) {
    if (x.size !== y.size) return false;
    for (const [key, value] of x) {
      const other = dictGet(y, key);
      runtime?.step();
      if (other === undefined || !equals(value, other, runtime)) return false;
    }
    return true;
  }
  return x === y;
}

function sameText(a: string, b: string, runtime: Runtime | undefined): boolean {
  if (a.length !== b.length) return false;
  if (a.length > 4096) runtime?.charge(a.length);
  return a === b;
}

/** Keys and items compare as sets, values only with themselves. */
function sameView(a: DictView, b: DictView, runtime: Runtime | undefined): boolean {
  if (a === b) return true;
  if (a.kind === 'values' || b.kind === 'values') return false;
  const [x, y] = [a.list(), b.list()];
  runtime?.charge(x.length * y.length);
  return x.length === y.length && x.every((item) => y.some((other) => equals(item, other, runtime)));
}

function sameItems(a: PyList, b: PyList, runtime: Runtime | undefined): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    runtime?.step();
    if (!equals(a[i]!, b[i]!, runtime)) return false;
  }
  return true;
}

/** Text is ordered by code point, as in Python: surrogates sort above the rest of the BMP. */
function compareText(a: string, b: string): number {
  const size = Math.min(a.length, b.length);
  for (let i = 0; i < size; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) < rank(y) ? -1 : 1;
  }
  return a.length - b.length;
}
const rank = (unit: number): number => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit);

/** Negative, zero or positive; NaN where a float is not a number. Raises for values that have no order. */
export function compare(a: PyValue, b: PyValue, operator: string, runtime?: Runtime): number {
  used(a);
  used(b);
  const x = bareText(a);
  const y = bareText(b);
  const m = numberOf(x);
  const n = numberOf(y);
  if (m !== undefined && n !== undefined)
    return m < n ? -1 : m > n ? 1 : Number.isNaN(m) || Number.isNaN(n) ? Number.NaN : 0;
  if (typeof x === 'string' && typeof y === 'string') {
    const size = Math.min(x.length, y.length);
    if (size > 4096) runtime?.charge(8 * size);
    return compareText(x, y);
  }
  const list = isList(x) && isList(y) ? [x, y] : x instanceof Tuple && y instanceof Tuple ? [x.items, y.items] : null;
  if (list !== null) {
    const [p, q] = list as [PyList, PyList];
    for (let i = 0; i < Math.min(p.length, q.length); i++) {
      runtime?.step();
      if (!equals(p[i]!, q[i]!, runtime)) return compare(p[i]!, q[i]!, operator, runtime);
    }
    return p.length - q.length;
  }
  return fail(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}

/** Items of an iterable, read to its end. */
export function iterate(runtime: Runtime, x: PyValue): PyList {
  if (isList(x)) return x;
  if (x instanceof Lazy) return x.rest(runtime);
  runtime.charge(8 * (isText(x) ? plain(x).length : isDict(x) ? x.size : x instanceof Range ? x.length : 0));
  if (isText(x)) return characters(x);
  if (isDict(x)) return keysOf(x);
  if (x instanceof Tuple) return x.items;
  if (x instanceof DictView || x instanceof Range) return x.list();
  if (x instanceof Undefined) return [];
  if (x instanceof Markup) return characters(x.text);
  if (x instanceof Bytes) return [...x.data];
  if (x instanceof LoopState) return [...x.items()];
  return fail(`'${typeName(x)}' object is not iterable`);
}

/** The items of an iterable one by one: a generator is read no further than asked. */
export function* iterateLazily(runtime: Runtime, x: PyValue): Generator<PyValue> {
  if (!(x instanceof Lazy)) {
    for (const item of x instanceof LoopState ? x.items() : iterate(runtime, x)) {
      runtime.step();
      yield item;
    }
    return;
  }
  for (let step = x.iterator.next(); step.done !== true; step = x.iterator.next()) {
    runtime.step();
    yield step.value;
  }
}

/** The items of an iterable, each when it is asked for where that shows: a loop prints its own place. */
export const eachOf = (runtime: Runtime, x: PyValue): Iterable<PyValue> =>
  x instanceof Lazy || x instanceof LoopState ? iterateLazily(runtime, x) : iterate(runtime, x);

export const isIterable = (x: PyValue): boolean =>
  isText(x) ||
  isList(x) ||
  isDict(x) ||
  [Tuple, Lazy, DictView, Range, Undefined, Markup, LoopState, Bytes].some((type) => x instanceof type);

/** A text as its code points. */
export function characters(text: Text): Text[] {
  if (typeof text === 'string') return Array.from(text);
  let at = 0;
  return Array.from(text.value, (c) => {
    const from = at;
    at += c.length;
    return cut(text, from, at);
  });
}

const SURROGATE = /[\ud800-\udfff]/;
/** Length in code points, as Python counts. */
export function codePointLength(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  let n = 0;
  for (const _ of text) n++;
  return n;
}

export function length(x: PyValue): number {
  if (isText(x)) return codePointLength(plain(x));
  if (isList(x)) return x.length;
  if (isDict(x)) return x.size;
  if (x instanceof Undefined) return 0;
  if (x instanceof Tuple) return x.items.length;
  if (x instanceof Markup) return codePointLength(plain(x.text));
  if (x instanceof DictView) return x.of.size;
  if (x instanceof Range) return x.length;
  if (x instanceof LoopState) return x.length;
  if (x instanceof Bytes) return x.data.length;
  return fail(`object of type '${typeName(x)}' has no len()`);
}

export function contains(runtime: Runtime, container: PyValue, x: PyValue): boolean {
  if (isText(container) || container instanceof Markup) {
    const part = bareText(x);
    if (typeof part !== 'string') fail(`'in <string>' requires string as left operand, not ${typeName(x)}`);
    const whole = bareText(container) as string;
    if (whole.length > 4096) runtime.charge(whole.length);
    return whole.includes(part as string);
  }
  if (isDict(container)) return dictHas(container, x);
  if (isList(container)) {
    runtime.charge(2 * container.length);
    return container.some((item) => equals(item, x, runtime));
  }
  if (container instanceof Undefined) return false;
  if (container instanceof Lazy || container instanceof LoopState) {
    // A look into them takes their items away, up to the one that was looked for.
    for (const item of iterateLazily(runtime, container)) if (equals(item, x, runtime)) return true;
    return false;
  }
  if (container instanceof Tuple) return container.items.some((item) => equals(item, x, runtime));
  if (container instanceof DictView) {
    return container.kind === 'keys'
      ? dictHas(container.of, x)
      : container.list().some((item) => equals(item, x, runtime));
  }
  if (container instanceof Range) return iterate(runtime, container).some((item) => equals(item, x));
  if (container instanceof Bytes) return containsBytes(container, x);
  return fail(`argument of type '${typeName(container)}' is not iterable`);
}

function containsBytes(container: Bytes, x: PyValue): boolean {
  if (x instanceof Bytes) return String.fromCharCode(...container.data).includes(String.fromCharCode(...x.data));
  const n = indexOf(x, `a bytes-like object is required, not '${typeName(x)}'`);
  return n >= 0 && n < 256 ? container.data.includes(n) : fail('byte must be in range(0, 256)');
}

export function add(runtime: Runtime, a: PyValue, b: PyValue): PyValue {
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a + b)) return a + b;
  if (isText(a) && isText(b)) return join2(a, b);
  used(a);
  used(b);
  if (a instanceof Markup || b instanceof Markup) return addMarkup(a, b);
  const x = numberOf(a);
  const y = numberOf(b);
  // Arithmetic has no origin.
  if (x !== undefined && y !== undefined) return arithmetic('+', x, y, isFloat(a) || isFloat(b));
  if (isList(a) && isList(b)) {
    runtime.charge(4 * (a.length + b.length));
    return a.concat(b);
  }
  if (a instanceof Tuple && b instanceof Tuple) {
    runtime.charge(4 * (a.items.length + b.items.length));
    return new Tuple(a.items.concat(b.items));
  }
  const [left, right] = [typeName(a), typeName(b)];
  if (isText(a) || isList(a) || a instanceof Tuple)
    return fail(`can only concatenate ${left} (not "${right}") to ${left}`);
  return fail(`unsupported operand type(s) for +: '${left}' and '${right}'`);
}

/** Two texts after one another; the size is checked before they are joined. */
export function join2(a: Text, b: Text): Text {
  checkSize((typeof a === 'string' ? a.length : a.value.length) + (typeof b === 'string' ? b.length : b.value.length));
  return typeof a === 'string' && typeof b === 'string' ? a + b : concat(a, b);
}

export function calculate(
  runtime: Runtime,
  operator: '-' | '*' | '/' | '//' | '%' | '**',
  a: PyValue,
  b: PyValue,
): PyValue {
  if (operator === '%' && (isText(a) || a instanceof Markup)) {
    return a instanceof Markup ? new Markup(formatPercent(a.text, escapedArguments(b))) : formatPercent(a, b);
  }
  used(a);
  used(b);
  if (operator === '*') {
    const times = repeated(runtime, a, b) ?? repeated(runtime, b, a);
    if (times !== undefined) return times;
  }
  const x = numberOf(a);
  const y = numberOf(b);
  if (x === undefined || y === undefined) {
    const shown = operator === '**' ? '** or pow()' : operator;
    return fail(`unsupported operand type(s) for ${shown}: '${typeName(a)}' and '${typeName(b)}'`);
  }
  return arithmetic(operator, x, y, isFloat(a) || isFloat(b));
}

/** What is put into a Markup by `%`: texts are escaped, numbers stay numbers. */
function escapedArguments(x: PyValue): PyValue {
  if (x instanceof Tuple) return new Tuple(x.items.map(escapedArguments));
  if (isDict(x)) return new Map(Array.from(x, ([key, value]) => [key, escapedArguments(value)]));
  if (isList(x)) return x.map(escapedArguments);
  if (x instanceof Markup) return x.text;
  return isText(x) ? escapeHtml(x) : x;
}

function repeated(runtime: Runtime, sequence: PyValue, times: PyValue): PyValue | undefined {
  const text = isText(sequence) ? sequence : sequence instanceof Markup ? sequence.text : null;
  const items = isList(sequence) ? sequence : sequence instanceof Tuple ? sequence.items : null;
  if (text === null && items === null) return undefined;
  const count = Math.max(0, indexOf(times, `can't multiply sequence by non-int of type '${typeName(times)}'`));
  if (text !== null) {
    const size = plain(text).length * count;
    checkSize(size);
    runtime.charge(size);
    const whole = typeof text === 'string' ? text.repeat(count) : writeTimes(text, count);
    return sequence instanceof Markup ? new Markup(whole) : whole;
  }
  runtime.charge(Math.min(2 ** 30, 4 * items!.length * count));
  const list: PyValue[] = [];
  for (let i = 0; i < count; i++) for (const item of items!) list.push(item);
  return isList(sequence) ? list : new Tuple(list);
}

function writeTimes(text: Text, count: number): Text {
  const out = new TextWriter();
  for (let i = 0; i < count; i++) out.write(text);
  return out.value();
}

export function negated(x: PyValue, sign: 1 | -1): PyValue {
  used(x);
  const v = bare(x);
  if (v instanceof Float) return sign < 0 ? new Float(-v.value) : v;
  const n = numberOf(v);
  if (n === undefined) return fail(`bad operand type for unary ${sign < 0 ? '-' : '+'}: '${typeName(x)}'`);
  return sign < 0 ? arithmetic('-', 0, n, false) : n;
}

/** `x[start:stop:step]`: plain Python, so every refusal raises. */
export function slice(runtime: Runtime, x: PyValue, start: PyValue, stop: PyValue, step: PyValue): PyValue {
  used(x);
  if (x instanceof Markup) return new Markup(slice(runtime, x.text, start, stop, step) as Text);
  if (x instanceof Range) return rangeSlice(x, start, stop, step);
  const text = isText(x) ? x : null;
  const items = isList(x) ? x : x instanceof Tuple ? x.items : x instanceof Bytes ? [...x.data] : null;
  if (text === null && items === null) {
    return fail(isDict(x) ? "unhashable type: 'slice'" : `'${typeName(x)}' object is not subscriptable`);
  }
  const by = stepOf(step);
  const value = text === null ? '' : plain(text);
  const wide = text !== null && SURROGATE.test(value);
  if (value.length > 4096) runtime.charge(value.length);
  const size = items !== null ? items.length : wide ? codePointLength(value) : value.length;
  const [from, to] = sliceBounds(sliceIndex(start), sliceIndex(stop), by, size);
  if (text !== null && by === 1) {
    const end = Math.max(from, to);
    if (!wide) return cut(text, from, end);
    const units = unitOffsets(value, from, end);
    return cut(text, units[0], units[1]);
  }
  const source: PyList = items ?? characters(text!);
  const picked: PyValue[] = [];
  runtime.charge(4 * Math.abs(Math.ceil((to - from) / by)));
  for (let k = from; by > 0 ? k < to : k > to; k += by) picked.push(source[k]!);
  if (text !== null) return joinAll(picked as Text[]);
  if (x instanceof Bytes) return new Bytes(Uint8Array.from(picked as number[]));
  return x instanceof Tuple ? new Tuple(picked) : picked;
}

const sliceIndex = (v: PyValue): number | null =>
  bare(v) === null ? null : indexOf(v, 'slice indices must be integers or None or have an __index__ method');

export const ZERO_STEP = 'slice step cannot be zero';

function stepOf(step: PyValue): number {
  const by = sliceIndex(step) ?? 1;
  return by === 0 ? fail(ZERO_STEP) : by;
}

/** A part of a range is a range. */
function rangeSlice(x: Range, start: PyValue, stop: PyValue, step: PyValue): Range {
  const by = stepOf(step);
  const [from, to] = sliceBounds(sliceIndex(start), sliceIndex(stop), by, x.length);
  return new Range(x.at(from), x.at(to), x.step * by);
}

function sliceBounds(start: number | null, stop: number | null, step: number, size: number): [number, number] {
  const clamp = (k: number, low: number, high: number): number => (k < 0 ? Math.max(k + size, low) : Math.min(k, high));
  if (step > 0) return [start === null ? 0 : clamp(start, 0, size), stop === null ? size : clamp(stop, 0, size)];
  return [start === null ? size - 1 : clamp(start, -1, size - 1), stop === null ? -1 : clamp(stop, -1, size - 1)];
}

/** Code-point positions as UTF-16 units. */
export function unitOffsets(value: string, from: number, to: number): [number, number] {
  let units = 0;
  let points = 0;
  let first = 0;
  for (const c of value) {
    if (points === from) first = units;
    if (points === to) return [first, units];
    points++;
    units += c.length;
  }
  return [from >= points ? units : first, units];
}

export function joinAll(parts: readonly Text[]): Text {
  const out = new TextWriter();
  for (const part of parts) out.write(part);
  return out.value();
}

/** Calls what a template calls. */
export function describeCallable(x: PyValue): Callable {
  if (x instanceof Callable) return x;
  used(x);
  return fail(`'${typeName(x)}' object is not callable`);
}

export const shownKey = (key: PyValue): string => (isText(key) ? plainStr(repr(key)) : plainStr(key));
export const isNamespace = (x: PyValue): x is Namespace => x instanceof Namespace;
