import { cut, isText, plain, type Text, TextWriter } from '../origin/traced.ts';
import { bind } from './arguments.ts';
import { CLASSES, capitalize, casefold, isLower, isTitle, isUpper, lower, swapcase, title, upper } from './case.ts';
import { dictGet, dictOf } from './dicts.ts';
import { fail } from './errors.ts';
import { formatBraces } from './format-braces.ts';
import { encoded, type Method, positional } from './methods.ts';
import { indexOf } from './numbers.ts';
import { characters, codePointLength, iterate, joinAll, unitOffsets } from './operators.ts';
import { checkSize, type Runtime } from './runtime.ts';
import {
  bare,
  bareText,
  isDict,
  isList,
  Markup,
  orElse,
  type PyList,
  type PyValue,
  Tuple,
  typeName,
} from './values.ts';

/**
 * Python's str methods. Each finds *where* on the bare text and then cuts, so that plain and traced texts share one
 * implementation. Positions inside are UTF-16 units; what a template sees counts code points.
 */
export const isSpaceUnit = (c: number): boolean =>
  (c >= 9 && c <= 13) ||
  (c >= 28 && c <= 32) ||
  (c > 127 &&
    (c === 0x85 ||
      c === 0xa0 ||
      c === 0x1680 ||
      (c >= 0x2000 && c <= 0x200a) ||
      c === 0x2028 ||
      c === 0x2029 ||
      c === 0x202f ||
      c === 0x205f ||
      c === 0x3000));

/** Which ends `strip` strips. */
type Ends = 'both' | 'left' | 'right';

export function strip(text: Text, chars: PyValue | undefined, ends: Ends = 'both'): Text {
  const value = plain(text);
  let i = 0;
  let j = value.length;
  const set = chars === undefined || bare(chars) === null ? null : charSet(chars);
  if (set === null) {
    if (ends !== 'right') while (i < j && isSpaceUnit(value.charCodeAt(i))) i++;
    if (ends !== 'left') while (j > i && isSpaceUnit(value.charCodeAt(j - 1))) j--;
    return cut(text, i, j);
  }
  if (ends !== 'right') {
    while (i < j) {
      const c = String.fromCodePoint(value.codePointAt(i)!);
      if (!set.includes(c)) break;
      i += c.length;
    }
  }
  if (ends !== 'left') {
    while (j > i) {
      const c = lastCharacter(value, j);
      if (!set.includes(c)) break;
      j -= c.length;
    }
  }
  return cut(text, i, Math.max(i, j));
}

function charSet(chars: PyValue): string {
  const value = bareText(chars);
  if (typeof value !== 'string') fail('strip arg must be None or str');
  return value as string;
}

function lastCharacter(value: string, end: number): string {
  const unit = value.charCodeAt(end - 1);
  if (unit >= 0xdc00 && unit < 0xe000 && end >= 2) {
    const high = value.charCodeAt(end - 2);
    if (high >= 0xd800 && high < 0xdc00) return value.slice(end - 2, end);
  }
  return value[end - 1]!;
}

function separatorOf(separator: PyValue | undefined): string | null {
  const value = separator === undefined ? null : bareText(separator);
  if (value === null) return null;
  if (typeof value !== 'string') return fail(`must be str or None, not ${typeName(value)}`);
  if (value === '') fail('empty separator');
  return value;
}

const limitOf = (max: PyValue | undefined): number => {
  const limit = max === undefined ? -1 : indexOf(max);
  return limit < 0 ? Number.POSITIVE_INFINITY : limit;
};

function split(text: Text, separator: string | null, max: number): Text[] {
  const value = plain(text);
  const parts: Text[] = [];
  if (separator === null) {
    for (let i = 0; ; ) {
      while (i < value.length && isSpaceUnit(value.charCodeAt(i))) i++;
      if (i >= value.length) return parts;
      if (parts.length >= max) {
        parts.push(cut(text, i, value.length));
        return parts;
      }
      let j = i;
      while (j < value.length && !isSpaceUnit(value.charCodeAt(j))) j++;
      parts.push(cut(text, i, j));
      i = j;
    }
  }
  let i = 0;
  while (parts.length < max) {
    const j = value.indexOf(separator, i);
    if (j < 0) break;
    parts.push(cut(text, i, j));
    i = j + separator.length;
  }
  parts.push(cut(text, i, value.length));
  return parts;
}

function rsplit(text: Text, separator: string | null, max: number): Text[] {
  const value = plain(text);
  const parts: Text[] = [];
  let j = value.length;
  if (separator === null) {
    for (;;) {
      while (j > 0 && isSpaceUnit(value.charCodeAt(j - 1))) j--;
      if (j <= 0) return parts.reverse();
      if (parts.length >= max) {
        parts.push(cut(text, 0, j));
        return parts.reverse();
      }
      let i = j;
      while (i > 0 && !isSpaceUnit(value.charCodeAt(i - 1))) i--;
      parts.push(cut(text, i, j));
      j = i;
    }
  }
  while (parts.length < max && j >= separator.length) {
    const i = value.lastIndexOf(separator, j - separator.length);
    if (i < 0) break;
    parts.push(cut(text, i + separator.length, j));
    j = i;
  }
  parts.push(cut(text, 0, j));
  return parts.reverse();
}

export function replace(text: Text, from: Text, to: Text, count: number): Text {
  const value = plain(text);
  const old = plain(from);
  if (count === 0) return text;
  if (typeof text === 'string' && typeof to === 'string' && old !== '' && count < 0) {
    if (to.length > old.length) checkSize(text.length + countOf(text, old) * (to.length - old.length));
    return text.replaceAll(old, () => to);
  }
  const limit = count < 0 ? Number.POSITIVE_INFINITY : count;
  return old === '' ? spread(text, to, limit) : substitute(text, value, old, to, limit);
}

function countOf(value: string, part: string): number {
  let n = 0;
  for (let i = value.indexOf(part); i >= 0; i = value.indexOf(part, i + part.length)) n++;
  return n;
}

/** `replace('', x)` puts x before every character and at the end. */
function spread(text: Text, to: Text, limit: number): Text {
  const out = new TextWriter();
  let n = 0;
  for (const c of characters(text)) {
    if (n++ < limit) out.write(to);
    out.write(c);
    checkSize(out.text.length);
  }
  if (n < limit) out.write(to);
  return out.value();
}

function substitute(text: Text, value: string, old: string, to: Text, limit: number): Text {
  const out = new TextWriter();
  let i = 0;
  let n = 0;
  for (let j = value.indexOf(old); j >= 0 && n < limit; j = value.indexOf(old, i)) {
    if (j > i) out.write(cut(text, i, j));
    out.write(to);
    i = j + old.length;
    n++;
    checkSize(out.text.length);
  }
  if (n === 0) return text;
  if (i < value.length) out.write(cut(text, i, value.length));
  return out.value();
}

/** Python's line boundaries: more than `\n`. */
const LINE_ENDS = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;
export function splitlines(text: Text, keepEnds: boolean): Text[] {
  const value = plain(text);
  const lines: Text[] = [];
  let i = 0;
  for (const match of value.matchAll(LINE_ENDS)) {
    const end = match.index + match[0].length;
    lines.push(cut(text, i, keepEnds ? end : match.index));
    i = end;
  }
  if (i < value.length) lines.push(cut(text, i, value.length));
  return lines;
}

export function joinText(runtime: Runtime, separator: Text, parts: readonly Text[]): Text {
  const out = new TextWriter();
  parts.forEach((part, i) => {
    if (i > 0) out.write(separator);
    out.write(part);
    checkSize(out.text.length);
  });
  runtime.charge(out.text.length);
  return out.value();
}

/** `find` and its kin: code points in, code points out, -1 where there is none. */
function find(text: Text, args: PyList, last: boolean, name: string): number {
  const part = bareText(orElse(args[0], () => fail(`${name}() takes at least 1 argument (0 given)`)));
  if (typeof part !== 'string') return fail(`must be str, not ${typeName(part)}`);
  const [value, from] = window(text, args[1], args[2]);
  if (value === null) return -1;
  const at = last ? value.lastIndexOf(part) : value.indexOf(part);
  return at < 0 ? -1 : from + codePointLength(value.slice(0, at));
}

/** The part of a text between code points `start` and `stop`, and where it begins. */
function window(text: Text, start: PyValue | undefined, stop: PyValue | undefined): readonly [string | null, number] {
  const value = plain(text);
  if (start === undefined && stop === undefined) return [value, 0];
  const size = codePointLength(value);
  const bound = (v: PyValue | undefined, otherwise: number): number => {
    if (v === undefined || bare(v) === null) return otherwise;
    const k = indexOf(v);
    return k < 0 ? Math.max(0, k + size) : k;
  };
  const from = bound(start, 0);
  const to = Math.min(bound(stop, size), size);
  if (from > to) return [null, from];
  const [i, j] = unitOffsets(value, from, to);
  return [value.slice(i, j), from];
}

function affix(text: Text, args: PyList, name: string, test: (value: string, part: string) => boolean): boolean {
  const given = bareText(orElse(args[0], () => fail(`${name}() takes at least 1 argument (0 given)`)));
  const parts = given instanceof Tuple ? given.items.map(bareText) : [given];
  const [value] = window(text, args[1], args[2]);
  return parts.some((part) => {
    if (typeof part !== 'string') {
      fail(`${name} first arg must be str or a tuple of str, not ${typeName(part)}`);
    }
    return value !== null && test(value, part as string);
  });
}

function textArgument(value: PyValue | undefined, what: string): Text {
  if (value instanceof Markup) return value.text;
  if (value !== undefined && isText(value)) return value;
  return fail(`${what} must be str, not ${value === undefined ? 'NoneType' : typeName(value)}`);
}

function pad(runtime: Runtime, text: Text, args: PyList, side: 'left' | 'right' | 'center'): Text {
  const width = indexOf(orElse(args[0], () => fail('expected at least 1 argument, got 0')));
  const fill = args[1] === undefined ? ' ' : plain(textArgument(args[1], 'The fill character'));
  if (codePointLength(fill) !== 1) fail('The fill character must be exactly one character long');
  const size = codePointLength(plain(text));
  const missing = Math.max(0, width - size);
  checkSize(missing + plain(text).length);
  runtime.charge(missing);
  if (missing === 0) return text;
  // CPython's rule for the odd space
  const left = side === 'right' ? missing : side === 'left' ? 0 : Math.floor(missing / 2) + (missing & width & 1);
  return joinAll([fill.repeat(left), text, fill.repeat(missing - left)]);
}

type TextMethod = Method<Text>;

const bounded = (name: string, from: number, to: number, run: Parameters<typeof positional<Text>>[4]): TextMethod =>
  positional('str', name, from, to, run);

const found = (at: number): number => (at < 0 ? fail('substring not found') : at);

const METHODS: Readonly<Record<string, TextMethod>> = {
  strip: bounded('strip', 0, 1, (_, s, [c]) => strip(s, c)),
  lstrip: bounded('lstrip', 0, 1, (_, s, [c]) => strip(s, c, 'left')),
  rstrip: bounded('rstrip', 0, 1, (_, s, [c]) => strip(s, c, 'right')),
  upper: bounded('upper', 0, 0, (_, s) => upper(s)),
  lower: bounded('lower', 0, 0, (_, s) => lower(s)),
  casefold: bounded('casefold', 0, 0, (_, s) => casefold(s)),
  capitalize: bounded('capitalize', 0, 0, (_, s) => capitalize(s)),
  title: bounded('title', 0, 0, (_, s) => title(s)),
  swapcase: bounded('swapcase', 0, 0, (_, s) => swapcase(s)),
  split: (runtime, s, args, keywords) => {
    const [separator, max] = bind('split', ['sep', 'maxsplit'], args, keywords);
    const parts = split(s, separatorOf(separator), limitOf(max));
    runtime.charge(parts.length * 32);
    return parts;
  },
  rsplit: (runtime, s, args, keywords) => {
    const [separator, max] = bind('rsplit', ['sep', 'maxsplit'], args, keywords);
    const parts = rsplit(s, separatorOf(separator), limitOf(max));
    runtime.charge(parts.length * 32);
    return parts;
  },
  splitlines: (_, s, args, keywords) => {
    const [keep] = bind('splitlines', ['keepends'], args, keywords);
    return splitlines(s, keep !== undefined && indexOf(keep) !== 0);
  },
  partition: bounded('partition', 1, 1, (_, s, [p]) => {
    const separator = textArgument(p, 'separator');
    if (plain(separator) === '') fail('empty separator');
    const at = plain(s).indexOf(plain(separator));
    if (at < 0) return new Tuple([s, '', '']);
    return new Tuple([cut(s, 0, at), separator, cut(s, at + plain(separator).length, plain(s).length)]);
  }),
  rpartition: bounded('rpartition', 1, 1, (_, s, [p]) => {
    const separator = textArgument(p, 'separator');
    if (plain(separator) === '') fail('empty separator');
    const at = plain(s).lastIndexOf(plain(separator));
    if (at < 0) return new Tuple(['', '', s]);
    return new Tuple([cut(s, 0, at), separator, cut(s, at + plain(separator).length, plain(s).length)]);
  }),
  replace: bounded('replace', 2, 3, (_, s, [from, to, count]) =>
    replace(
      s,
      textArgument(from, 'replace() argument 1'),
      textArgument(to, 'replace() argument 2'),
      count === undefined ? -1 : indexOf(count),
    ),
  ),
  join: bounded('join', 1, 1, (runtime, s, [items]) => {
    const parts = iterate(runtime, items!).map((item, i) => {
      if (item instanceof Markup) return item.text;
      return isText(item) ? item : fail(`sequence item ${i}: expected str instance, ${typeName(item)} found`);
    });
    return joinText(runtime, s, parts);
  }),
  removeprefix: bounded('removeprefix', 1, 1, (_, s, [p]) => {
    const prefix = plain(textArgument(p, 'removeprefix() argument'));
    return plain(s).startsWith(prefix) ? cut(s, prefix.length, plain(s).length) : s;
  }),
  removesuffix: bounded('removesuffix', 1, 1, (_, s, [p]) => {
    const suffix = plain(textArgument(p, 'removesuffix() argument'));
    return suffix !== '' && plain(s).endsWith(suffix) ? cut(s, 0, plain(s).length - suffix.length) : s;
  }),
  format: (runtime, s, args, keywords) => formatBraces(runtime, s, args, keywords),
  format_map: (runtime, s, args, keywords) => {
    if (keywords.size > 0) fail('format_map() takes no keyword arguments');
    if (args.length !== 1) fail(`format_map() takes exactly one argument (${args.length} given)`);
    const [map] = args;
    return formatBraces(runtime, s, [], isDict(map!) ? map : new Map());
  },
  startswith: bounded('startswith', 1, 3, (_, s, args) => affix(s, args, 'startswith', (v, p) => v.startsWith(p))),
  endswith: bounded('endswith', 1, 3, (_, s, args) => affix(s, args, 'endswith', (v, p) => v.endsWith(p))),
  find: bounded('find', 1, 3, (_, s, args) => find(s, args, false, 'find')),
  rfind: bounded('rfind', 1, 3, (_, s, args) => find(s, args, true, 'rfind')),
  index: bounded('index', 1, 3, (_, s, args) => found(find(s, args, false, 'index'))),
  rindex: bounded('rindex', 1, 3, (_, s, args) => found(find(s, args, true, 'rindex'))),
  count: bounded('count', 1, 3, (_, s, args) => {
    const part = plain(textArgument(args[0], 'count() argument 1'));
    const [value] = window(s, args[1], args[2]);
    if (value === null) return 0;
    return part === '' ? codePointLength(value) + 1 : countOf(value, part);
  }),
  center: bounded('center', 1, 2, (runtime, s, args) => pad(runtime, s, args, 'center')),
  ljust: bounded('ljust', 1, 2, (runtime, s, args) => pad(runtime, s, args, 'left')),
  rjust: bounded('rjust', 1, 2, (runtime, s, args) => pad(runtime, s, args, 'right')),
  zfill: bounded('zfill', 1, 1, (runtime, s, [width]) => {
    const value = plain(s);
    const sign = value[0] === '-' || value[0] === '+' ? 1 : 0;
    const zeros = Math.max(0, indexOf(width!) - codePointLength(value));
    checkSize(zeros);
    runtime.charge(zeros);
    return joinAll([cut(s, 0, sign), '0'.repeat(zeros), cut(s, sign, value.length)]);
  }),
  expandtabs: (_, s, args, keywords) => {
    const [size] = bind('expandtabs', ['tabsize'], args, keywords);
    const width = size === undefined ? 8 : indexOf(size);
    const out = new TextWriter();
    let column = 0;
    for (const c of characters(s)) {
      const v = plain(c);
      if (v === '\t') {
        const spaces = width > 0 ? width - (column % width) : 0;
        out.write(' '.repeat(spaces));
        checkSize(out.text.length);
        column += spaces;
      } else {
        out.write(c);
        column = v === '\n' || v === '\r' ? 0 : column + 1;
      }
    }
    return out.value();
  },
  encode: (_, s, args, keywords) => encoded(plain(s), args, keywords),
  translate: bounded('translate', 1, 1, (_, s, [table]) => translate(s, table!)),
  maketrans: bounded('maketrans', 1, 3, (_, _s, args) => translationTable(args)),
  isspace: bounded('isspace', 0, 0, (_, s) => plain(s) !== '' && plain(strip(s, undefined)) === ''),
  isupper: bounded('isupper', 0, 0, (_, s) => isUpper(plain(s))),
  islower: bounded('islower', 0, 0, (_, s) => isLower(plain(s))),
  istitle: bounded('istitle', 0, 0, (_, s) => isTitle(plain(s))),
};

const questions = Object.entries(CLASSES).map(([name, pattern]): [string, TextMethod] => [
  name,
  bounded(name, 0, 0, (_, s) => pattern.test(plain(s))),
]);

const TABLE: ReadonlyMap<string, TextMethod> = new Map([...Object.entries(METHODS), ...questions]);

/** A text, a code point or None for each character that `table` names. */
function translate(text: Text, table: PyValue): Text {
  const out = new TextWriter();
  for (const c of characters(text)) {
    const code = plain(c).codePointAt(0)!;
    const found = isDict(table) ? dictGet(table, code) : itemAt(table, code);
    const value = found === undefined ? c : bareText(found);
    if (found === undefined) out.write(c);
    else if (typeof value === 'string') out.write(found instanceof Markup ? found.text : (found as Text));
    else if (value !== null)
      out.write(String.fromCodePoint(indexOf(value as PyValue, 'character mapping must return integer, None or str')));
    checkSize(out.text.length);
  }
  return out.value();
}

function itemAt(table: PyValue, code: number): PyValue | undefined {
  if (isList(table)) return table[code];
  if (table instanceof Tuple) return table.items[code];
  return isText(table) ? characters(table)[code] : fail(`'${typeName(table)}' object is not subscriptable`);
}

function translationTable([from, to, drop]: PyList): PyValue {
  if (to === undefined) {
    if (!isDict(from!)) return fail('if you give only one argument to maketrans it must be a dict');
    return dictOf(
      Array.from(from, ([key, value]): [PyValue, PyValue] => {
        if (typeof key !== 'string') return [key, value];
        if (codePointLength(key) !== 1) fail('string keys in translate table must be of length 1');
        return [key.codePointAt(0)!, value];
      }),
    );
  }
  const points = (x: PyValue, what: string): number[] =>
    Array.from(plain(textArgument(x, what)), (c) => c.codePointAt(0)!);
  const [keys, values] = [points(from!, 'maketrans() argument 1'), points(to, 'maketrans() argument 2')];
  if (keys.length !== values.length) fail('the first two maketrans arguments must have equal length');
  const gone = drop === undefined ? [] : points(drop, 'maketrans() argument 3');
  return new Map<PyValue, PyValue>([
    ...keys.map((key, i): [PyValue, PyValue] => [key, values[i]!]),
    ...gone.map((key): [PyValue, PyValue] => [key, null]),
  ]);
}

/** A method of str; the work is charged by the length of the text. */
export function textMethod(name: string): TextMethod | undefined {
  return TABLE.get(name);
}
