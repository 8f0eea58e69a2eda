import { Float } from '../jsonl/value.ts';
import { bind } from './arguments.ts';
import { dictGet, hashable } from './dicts.ts';
import { fail } from './errors.ts';
import { indexOf, integerOf, numberOf } from './numbers.ts';
import { contains, equals, iterate } from './operators.ts';
import { plainStr, repr } from './printing.ts';
import { hex, reprString } from './repr.ts';
import type { Runtime } from './runtime.ts';
import {
  Bytes,
  bare,
  copyDict,
  DictView,
  type Keywords,
  type PyDict,
  type PyList,
  type PyValue,
  Range,
  Tuple,
  typeName,
} from './values.ts';

/** A method of `X`; errors have CPython's words. */
export type Method<X> = (runtime: Runtime, object: X, args: PyList, keywords: Keywords) => PyValue;
type Methods<X> = ReadonlyMap<string, Method<X>>;

/** A method that takes positional arguments only, `from` to `to` of them. */
export const positional =
  <X>(
    type: string,
    name: string,
    from: number,
    to: number,
    run: (runtime: Runtime, object: X, args: PyList) => PyValue,
  ): Method<X> =>
  (runtime, object, args, keywords) => {
    if (keywords.size > 0) fail(`${type}.${name}() takes no keyword arguments`);
    const count = args.length;
    if (count >= from && count <= to) return run(runtime, object, args);
    if (to === 0) return fail(`${type}.${name}() takes no arguments (${count} given)`);
    if (from === to && to === 1) return fail(`${type}.${name}() takes exactly one argument (${count} given)`);
    const [bound, limit] = count < from ? ['at least', from] : ['at most', to];
    return fail(`${name} expected ${bound} ${limit} argument${limit === 1 ? '' : 's'}, got ${count}`);
  };

const table = <X>(methods: readonly (readonly [string, Method<X>])[]): Methods<X> => new Map(methods);

// ---- dict

const view = (kind: DictView['kind']): readonly [string, Method<PyDict>] => [
  kind,
  positional('dict', kind, 0, 0, (_, dict) => new DictView(kind, dict)),
];

export function fromKeys(runtime: Runtime, args: PyList): PyValue {
  if (args.length < 1) fail('fromkeys expected at least 1 argument, got 0');
  if (args.length > 2) fail(`fromkeys expected at most 2 arguments, got ${args.length}`);
  const [keys, value = null] = args;
  const list = iterate(runtime, keys!);
  runtime.charge(list.length);
  return new Map(list.map((key) => [hashable(key), value]));
}

export const DICT_METHODS: Methods<PyDict> = table<PyDict>([
  view('items'),
  view('keys'),
  view('values'),
  [
    'copy',
    positional('dict', 'copy', 0, 0, (runtime, dict) => {
      runtime.charge(8 * dict.size);
      return copyDict(dict);
    }),
  ],
  [
    'get',
    positional('dict', 'get', 1, 2, (_, dict, [key, fallback = null]) => {
      const value = dictGet(dict, key!);
      return value === undefined ? fallback : value;
    }),
  ],
  ['fromkeys', positional('dict', 'fromkeys', 0, 9, (runtime, _, args) => fromKeys(runtime, args))],
]);

const VIEW_METHODS: Methods<DictView> = table<DictView>([
  [
    'isdisjoint',
    positional('dict_view', 'isdisjoint', 1, 1, (runtime, of, [other]) =>
      iterate(runtime, other!).every((item) => !contains(runtime, of, item)),
    ),
  ],
]);

// ---- list, tuple, range

function indexIn(runtime: Runtime, items: PyList, args: PyList, missing: string): PyValue {
  const [x, start = 0, stop = items.length] = args;
  const place = (v: PyValue): number => {
    const k = indexOf(v, 'slice indices must be integers or have an __index__ method');
    return k < 0 ? Math.max(0, k + items.length) : k;
  };
  const [from, to] = [place(start), Math.min(place(stop), items.length)];
  for (let i = from; i < to; i++) if (equals(items[i]!, x!, runtime)) return i;
  return fail(missing);
}

const countIn = (runtime: Runtime, items: PyList, x: PyValue): number =>
  items.reduce<number>((n, item) => (equals(item, x, runtime) ? n + 1 : n), 0);

export const LIST_METHODS: Methods<PyList> = table<PyList>([
  [
    'index',
    positional('list', 'index', 1, 3, (runtime, list, args) =>
      indexIn(runtime, list, args, `${plainStr(repr(args[0]!))} is not in list`),
    ),
  ],
  ['count', positional('list', 'count', 1, 1, (runtime, list, [x]) => countIn(runtime, list, x!))],
  ['copy', positional('list', 'copy', 0, 0, (_, list) => Array.from(list))],
]);

export const TUPLE_METHODS: Methods<Tuple> = table<Tuple>([
  [
    'index',
    positional('tuple', 'index', 1, 3, (runtime, tuple, args) =>
      indexIn(runtime, tuple.items, args, 'tuple.index(x): x not in tuple'),
    ),
  ],
  ['count', positional('tuple', 'count', 1, 1, (runtime, tuple, [x]) => countIn(runtime, tuple.items, x!))],
]);

const RANGE_METHODS: Methods<Range> = table<Range>([
  [
    'index',
    positional('range', 'index', 1, 1, (runtime, range, [x]) =>
      indexIn(runtime, iterate(runtime, range), [x!], `${plainStr(repr(x!))} is not in range`),
    ),
  ],
  ['count', positional('range', 'count', 1, 1, (runtime, range, [x]) => countIn(runtime, iterate(runtime, range), x!))],
]);

// ---- numbers

type Int = number | bigint;
const size = (n: Int): bigint => BigInt(n < 0 ? -n : n);

const INT_METHODS: Methods<Int> = table<Int>([
  ['bit_length', positional('int', 'bit_length', 0, 0, (_, n) => (Number(n) === 0 ? 0 : size(n).toString(2).length))],
  ['bit_count', positional('int', 'bit_count', 0, 0, (_, n) => size(n).toString(2).replaceAll('0', '').length)],
  ['conjugate', positional('int', 'conjugate', 0, 0, (_, n) => n)],
  ['as_integer_ratio', positional('int', 'as_integer_ratio', 0, 0, (_, n) => new Tuple([n, 1]))],
  ['to_bytes', (_, n, args, keywords) => intToBytes(n, args, keywords)],
]);

function intToBytes(n: Int, args: PyList, keywords: Keywords): PyValue {
  const [length = 1, order = 'big'] = bind('to_bytes', ['length', 'byteorder', 'signed'], args, keywords);
  const count = indexOf(length);
  if (count < 0) fail('length argument must be non-negative');
  if (n < 0) fail("can't convert negative int to unsigned");
  const digits = size(n).toString(16);
  if (digits.length > 2 * count && Number(n) !== 0) fail('int too big to convert');
  const big = digits.padStart(2 * count, '0').slice(-2 * count || digits.length + 1);
  const data = Uint8Array.from(big.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const name = bare(order);
  if (name === 'little') data.reverse();
  else if (name !== 'big') fail("byteorder must be either 'little' or 'big'");
  return new Bytes(data);
}

function ratio(value: number): PyValue {
  if (!Number.isFinite(value)) {
    return fail(`cannot convert ${Number.isNaN(value) ? 'NaN' : 'Infinity'} to integer ratio`);
  }
  let bottom = 1n;
  let top = value;
  while (!Number.isInteger(top)) {
    top *= 2;
    bottom *= 2n;
  }
  return new Tuple([integerOf(BigInt(top)), integerOf(bottom)]);
}

function floatHex(value: number): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : `${sign}inf`;
  if (value === 0) return `${sign}0x0.0p+0`;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const whole = bits.getBigUint64(0);
  const exponent = Number((whole >> 52n) & 0x7ffn);
  const fraction = hex(Number((whole >> 32n) & 0xfffffn), 5) + hex(Number(whole & 0xffffffffn), 8);
  const power = exponent === 0 ? -1022 : exponent - 1023;
  return `${sign}0x${exponent === 0 ? 0 : 1}.${fraction}p${power < 0 ? '-' : '+'}${Math.abs(power)}`;
}

const FLOAT_METHODS: Methods<Float> = table<Float>([
  ['is_integer', positional('float', 'is_integer', 0, 0, (_, x) => Number.isInteger(x.value))],
  ['as_integer_ratio', positional('float', 'as_integer_ratio', 0, 0, (_, x) => ratio(x.value))],
  ['hex', positional('float', 'hex', 0, 0, (_, x) => floatHex(x.value))],
  ['conjugate', positional('float', 'conjugate', 0, 0, (_, x) => x)],
]);

// ---- bytes

const BYTES_METHODS: Methods<Bytes> = table<Bytes>([
  [
    'decode',
    (_, bytes, args, keywords) => {
      const [encoding = 'utf-8', errors = 'strict'] = bind('decode', ['encoding', 'errors'], args, keywords);
      return decoded(bytes, encodingOf(encoding), plainStr(errors));
    },
  ],
  ['hex', positional('bytes', 'hex', 0, 0, (_, { data }) => Array.from(data, (byte) => hex(byte, 2)).join(''))],
]);

type Encoding = 'utf-8' | 'ascii' | 'latin-1';
const ENCODINGS: Readonly<Record<string, Encoding>> = {
  ...{ 'utf-8': 'utf-8', utf8: 'utf-8', utf_8: 'utf-8', ascii: 'ascii', 'us-ascii': 'ascii' },
  ...{ 'latin-1': 'latin-1', latin1: 'latin-1', latin_1: 'latin-1', 'iso-8859-1': 'latin-1' },
};

function encodingOf(x: PyValue): Encoding {
  const name = bare(x);
  if (typeof name !== 'string') return fail(`encode() argument 'encoding' must be str, not ${typeName(x)}`);
  const lowered = name.toLowerCase();
  return Object.hasOwn(ENCODINGS, lowered) ? ENCODINGS[lowered]! : fail(`unknown encoding: ${name}`);
}

function decoded({ data }: Bytes, encoding: Encoding, errors: string): string {
  if (encoding === 'latin-1') return String.fromCharCode(...data);
  if (encoding === 'ascii') {
    const at = data.findIndex((byte) => byte > 127);
    if (at < 0) return String.fromCharCode(...data);
    if (errors === 'strict')
      fail(`'ascii' codec can't decode byte 0x${hex(data[at]!, 2)} in position ${at}: ordinal not in range(128)`);
    return Array.from(data, (byte) =>
      byte < 128 ? String.fromCharCode(byte) : errors === 'ignore' ? '' : '\ufffd',
    ).join('');
  }
  try {
    return new TextDecoder('utf-8', { fatal: errors === 'strict', ignoreBOM: true }).decode(data);
  } catch {
    return fail("'utf-8' codec can't decode bytes: invalid data");
  }
}

/** `text.encode(encoding, errors)` */
export function encoded(text: string, args: PyList, keywords: Keywords): Bytes {
  const [encoding = 'utf-8', errors = 'strict'] = bind('encode', ['encoding', 'errors'], args, keywords);
  const kind = encodingOf(encoding);
  const how = plainStr(errors);
  if (kind === 'utf-8') {
    if (/\p{Cs}/u.test(text)) fail("'utf-8' codec can't encode characters: surrogates not allowed");
    return new Bytes(new TextEncoder().encode(text));
  }
  const limit = kind === 'ascii' ? 128 : 256;
  const bytes: number[] = [];
  for (const c of text) {
    const code = c.codePointAt(0)!;
    if (code < limit) bytes.push(code);
    else if (how === 'replace') bytes.push(63);
    else if (how !== 'ignore') {
      fail(`'${kind}' codec can't encode character ${reprString(c)}: ordinal not in range(${limit})`);
    }
  }
  return new Bytes(Uint8Array.from(bytes));
}

/** A method of a value that is no text, dict or list, or undefined. */
export function otherMethod(
  object: PyValue,
  name: string,
): { readonly call: (runtime: Runtime, args: PyList, keywords: Keywords) => PyValue } | undefined {
  const found = <X>(methods: Methods<X>, x: X) => {
    const method = methods.get(name);
    if (method === undefined) return undefined;
    return { call: (runtime: Runtime, args: PyList, keywords: Keywords) => method(runtime, x, args, keywords) };
  };
  const value = bare(object);
  if (value instanceof Tuple) return found(TUPLE_METHODS, value);
  if (value instanceof Range) return found(RANGE_METHODS, value);
  if (value instanceof DictView) return value.kind === 'values' ? undefined : found(VIEW_METHODS, value);
  if (value instanceof Bytes) return found(BYTES_METHODS, value);
  if (value instanceof Float) return found(FLOAT_METHODS, value);
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
    return found(INT_METHODS, numberOf(value)!);
  }
  return undefined;
}
