import { Float } from '../jsonl/value.ts';
import { cut, isText, Made, plain, type Text, TextWriter, type Traced, TracedBase } from '../origin/traced.ts';
import { attributeGetter, getAttribute } from './access.ts';
import { bind } from './arguments.ts';
import { fail } from './errors.ts';
import { formatPercent } from './format.ts';
import { indexOf, integerOf, isFloat, negatedNumber, numberOf, roundFloat } from './numbers.ts';
import { add, characters, compare, equals, iterate, join2, joinAll, length, slice, truth } from './operators.ts';
import { escapeHtml, plainStr, repr, str, tojson } from './printing.ts';
import { checkSize, type Runtime } from './runtime.ts';
import { findTest } from './tests.ts';
import { capitalize, joinText, lower, replace, splitlines, strip, textMethod, upper } from './text.ts';
import {
  bare,
  bareText,
  DictView,
  entriesOf,
  isDict,
  isList,
  type Keywords,
  Lazy,
  Markup,
  NO_KEYWORDS,
  orElse,
  type PyList,
  type PyValue,
  Range,
  Tuple,
  typeName,
  Undefined,
  undefinedHint,
} from './values.ts';

/** A filter; `x | name(args)`. */
export type FilterFunction = (runtime: Runtime, x: PyValue, args: PyList, keywords: Keywords) => PyValue;
type Bound = readonly (PyValue | undefined)[];

/** The text of anything: Markup and str are themselves, the rest is printed. */
const text = (x: PyValue): Text => str(x);

/** A filter with named parameters; text that it takes is charged by its length. */
const filter =
  (
    name: string,
    parameters: readonly string[],
    run: (runtime: Runtime, x: PyValue, args: Bound) => PyValue,
    required = 0,
  ): FilterFunction =>
  (runtime, x, args, keywords) => {
    if (isText(x)) runtime.charge(typeof x === 'string' ? x.length : x.value.length);
    else runtime.charge(isList(x) ? 2 * x.length : 0);
    return run(runtime, x, bind(name, parameters, args, keywords, required));
  };

const onText = (name: string, change: (t: Text) => Text): FilterFunction =>
  filter(name, [], (_, x) => {
    const result = change(text(x));
    return x instanceof Markup ? new Markup(result) : result;
  });

const option = (value: PyValue | undefined, otherwise: boolean): boolean =>
  value === undefined ? otherwise : truth(value);
const given = (value: PyValue | undefined): PyValue => value ?? null;

const ignoreCase = (x: PyValue): PyValue => (isText(x) ? plain(x).toLowerCase() : x);

function sorted(runtime: Runtime, items: PyList, key: (x: PyValue) => PyValue, reverse: boolean): PyValue[] {
  runtime.charge(items.length * 8);
  const keyed = items.map((item) => ({ item, key: key(item) }));
  keyed.sort((a, b) => {
    runtime.step();
    const order = compare(a.key, b.key, '<', runtime);
    return reverse ? -order : order;
  });
  return keyed.map((k) => k.item);
}

/** The keys of `sort`: one or several attributes, separated by commas, compared in turn. */
function sortKey(runtime: Runtime, attribute: PyValue, sensitive: boolean): (x: PyValue) => PyValue {
  const value = bareText(attribute);
  const paths: PyValue[] = typeof value === 'string' ? value.split(',') : [value];
  const getters = paths.map(attributeGetter);
  return (x) => getters.map((get) => (sensitive ? get(runtime, x) : ignoreCase(get(runtime, x))));
}

function* mapped(runtime: Runtime, x: PyValue, args: PyList, keywords: Keywords): Generator<PyValue> {
  if (!truth(x)) return;
  let apply: (item: PyValue) => PyValue;
  const attribute = keywords.get('attribute');
  if (args.length === 0 && attribute !== undefined) {
    const fallback = keywords.get('default');
    for (const name of keywords.keys()) {
      if (name !== 'attribute' && name !== 'default') fail(`Unexpected keyword argument '${name}'`);
    }
    const get = attributeGetter(attribute);
    apply = (item) => {
      const value = get(runtime, item);
      return value instanceof Undefined && fallback !== undefined && bare(fallback) !== null ? fallback : value;
    };
  } else {
    const [name, ...rest] = args;
    if (name === undefined) fail('map requires a filter argument');
    const found = findFilter(plainStr(name!));
    if (found === undefined) fail(`No filter named '${plainStr(name!)}'.`);
    apply = (item) => found!(runtime, item, rest, keywords);
  }
  for (const item of iterateLazily(runtime, x)) yield apply(item);
}

/** The items of an iterable one by one: a generator is read no further than asked. */
function* iterateLazily(runtime: Runtime, x: PyValue): Generator<PyValue> {
  if (!(x instanceof Lazy)) {
    for (const item of iterate(runtime, x)) {
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

function selecting(want: boolean, byAttribute: boolean): FilterFunction {
  return (runtime, x, args, keywords) => new Lazy(selected(runtime, x, args, keywords, want, byAttribute));
}

function* selected(
  runtime: Runtime,
  x: PyValue,
  args: PyList,
  keywords: Keywords,
  want: boolean,
  byAttribute: boolean,
): Generator<PyValue> {
  if (!truth(x)) return;
  if (byAttribute && args.length === 0) fail('Missing parameter for attribute name');
  const get = byAttribute ? attributeGetter(args[0]!) : null;
  const [name, ...rest] = byAttribute ? args.slice(1) : args;
  const test = name === undefined ? undefined : findTest(plainStr(name));
  if (name !== undefined && test === undefined) fail(`No test named '${plainStr(name)}'.`);
  for (const item of iterateLazily(runtime, x)) {
    const value = get === null ? item : get(runtime, item);
    const passes = test === undefined ? truth(value) : test(runtime, value, rest, keywords);
    if (passes === want) yield item;
  }
}

function* unique(runtime: Runtime, x: PyValue, sensitive: boolean, attribute: PyValue): Generator<PyValue> {
  const get = attributeGetter(attribute);
  const seen = new Set<PyValue>();
  for (const item of iterateLazily(runtime, x)) {
    const value = get(runtime, item);
    const key = sensitive ? value : ignoreCase(value);
    const v = bareText(key);
    if (isList(v) || isDict(v)) fail(`unhashable type: '${typeName(v)}'`);
    const hashed = v instanceof Tuple ? plainStr(repr(v)) : (numberOf(v) ?? v);
    if (seen.has(hashed)) continue;
    seen.add(hashed);
    yield item;
  }
}

function* batched(runtime: Runtime, x: PyValue, size: number, fill: PyValue): Generator<PyValue> {
  let batch: PyValue[] = [];
  for (const item of iterateLazily(runtime, x)) {
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
    batch.push(item);
  }
  if (batch.length === 0) return;
  if (bare(fill) !== null) while (batch.length < size) batch.push(fill);
  yield batch;
}

function* sliced(runtime: Runtime, x: PyValue, slices: number, fill: PyValue): Generator<PyValue> {
  const items = iterate(runtime, x);
  if (slices === 0) fail('integer division or modulo by zero');
  const each = Math.floor(items.length / slices);
  const extra = items.length % slices;
  let offset = 0;
  for (let n = 0; n < slices; n++) {
    runtime.step();
    const start = offset + n * each;
    if (n < extra) offset++;
    const part = items.slice(start, offset + (n + 1) * each);
    if (bare(fill) !== null && n >= extra) part.push(fill);
    yield part;
  }
}

function extreme(name: 'min' | 'max'): FilterFunction {
  return filter(name, ['case_sensitive', 'attribute'], (runtime, x, [sensitive, attribute]) => {
    const items = iterate(runtime, x);
    runtime.charge(16 * items.length);
    if (items.length === 0) return undefinedHint('No aggregated item, sequence was empty.');
    const get = attributeGetter(given(attribute));
    const key = (item: PyValue): PyValue =>
      option(sensitive, false) ? get(runtime, item) : ignoreCase(get(runtime, item));
    const keyed = items.map((item) => ({ item, key: key(item) }));
    const better = (order: number): boolean => (name === 'min' ? order < 0 : order > 0);
    const sign = name === 'min' ? '<' : '>';
    return keyed.reduce((best, next) => (better(compare(next.key, best.key, sign, runtime)) ? next : best)).item;
  });
}

/** A number parsed from a text or rounded from a number still prints as made from it. */
function numberFrom(x: PyValue, value: number | bigint | Float): PyValue {
  if (!(x instanceof TracedBase)) return value;
  return new Made(value, x as Traced, 0, typeof x.value === 'string' ? x.value.length : 0);
}

const INT_TEXT = /^[-+]?\d(?:_?\d)*$/;
const FLOAT_TEXT =
  /^[-+]?(?:(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:e[-+]?\d(?:_?\d)*)?|inf(?:inity)?|nan)$/i;

function parseFloatText(value: string): number | undefined {
  const t = plain(strip(value, undefined));
  if (!FLOAT_TEXT.test(t)) return undefined;
  const lowered = t.toLowerCase().replaceAll('_', '');
  if (lowered.includes('inf')) return lowered.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return lowered.includes('nan') ? Number.NaN : Number(lowered);
}

function truncated(n: number | bigint, otherwise: PyValue): number | bigint | PyValue {
  if (typeof n === 'bigint') return n;
  if (!Number.isFinite(n)) return otherwise;
  const whole = Math.trunc(n);
  return Number.isSafeInteger(whole) ? (whole === 0 ? 0 : whole) : BigInt(whole);
}

function parseInteger(value: string, base: number): number | bigint | undefined {
  const t = plain(strip(value, undefined));
  if (base === 10) {
    if (!INT_TEXT.test(t) || t.length > 4300) return undefined;
    const n = Number(t.replaceAll('_', ''));
    return Number.isSafeInteger(n) ? (n === 0 ? 0 : n) : integerOf(BigInt(t.replaceAll('_', '').replace(/^\+/, '')));
  }
  const digits = t
    .toLowerCase()
    .replace(/^([-+]?)0[xob]/, '$1')
    .replaceAll('_', '');
  const allowed = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, base);
  const body = digits.replace(/^[-+]/, '');
  if (body === '' || [...body].some((c) => !allowed.includes(c))) return undefined;
  return Number.parseInt(digits, base);
}

const toInt = filter('do_int', ['default', 'base'], (_, x, [fallback = 0, base = 10]) => {
  const v = bareText(x);
  if (v instanceof Undefined) fail(v.message());
  if (typeof v === 'string') {
    const n = parseInteger(v, indexOf(base)) ?? parseFloatText(v);
    if (n === undefined) return fallback;
    const whole = truncated(n, fallback);
    return typeof whole === 'number' || typeof whole === 'bigint' ? numberFrom(x, whole) : fallback;
  }
  const n = numberOf(v);
  if (n === undefined) return fallback;
  const whole = truncated(n, fallback);
  return typeof whole === 'number' || typeof whole === 'bigint' ? numberFrom(x, whole) : fallback;
});

const toFloat = filter('do_float', ['default'], (_, x, [fallback = new Float(0)]) => {
  const v = bareText(x);
  if (v instanceof Undefined) fail(v.message());
  const n = typeof v === 'string' ? parseFloatText(v) : numberOf(v);
  return n === undefined ? fallback : numberFrom(x, new Float(Number(n)));
});

const round = filter('do_round', ['precision', 'method'], (_, x, [precision = 0, method = 'common']) => {
  const how = plainStr(method);
  if (how !== 'common' && how !== 'ceil' && how !== 'floor') fail('method must be common, ceil or floor');
  const n = numberOf(x);
  if (n === undefined) return fail(`type ${typeName(x)} doesn't define __round__ method`);
  const digits = indexOf(precision);
  if (how === 'common') {
    if (isFloat(x)) return numberFrom(x, new Float(roundFloat(Number(n), digits)));
    if (digits >= 0) return numberFrom(x, n);
    return numberFrom(x, Math.round(roundFloat(Number(n), digits)));
  }
  const unit = 10 ** digits;
  return numberFrom(x, new Float((how === 'ceil' ? Math.ceil(Number(n) * unit) : Math.floor(Number(n) * unit)) / unit));
});

const indent = filter('do_indent', ['width', 'first', 'blank'], (runtime, x, [width = 4, first, blank]) => {
  if (!isText(x) && !(x instanceof Markup)) {
    const message =
      x instanceof Undefined ? x.message() : `unsupported operand type(s) for +=: '${typeName(x)}' and 'str'`;
    fail(message);
  }
  const by = isText(width) ? width : ' '.repeat(Math.max(0, Math.min(100_000, indexOf(width))));
  const lines = splitlines(join2(text(x), '\n'), false);
  const out = new TextWriter();
  lines.forEach((line, i) => {
    if (i > 0) out.write('\n');
    const wanted = i === 0 ? option(first, false) : option(blank, false) || plain(line) !== '';
    if (wanted) out.write(by);
    out.write(line);
    checkSize(out.text.length);
  });
  runtime.charge(out.text.length);
  return x instanceof Markup ? new Markup(out.value()) : out.value();
});

/** The filter's title: words begin after white space, a hyphen or an opening bracket. */
function titleWords(value: Text): Text {
  const parts: Text[] = [];
  let at = 0;
  const bareValue = plain(value);
  const word = (from: number, to: number): void => {
    if (from < to) parts.push(capitalize(cut(value, from, to)));
  };
  for (const match of bareValue.matchAll(/[-\s({[<]+/g)) {
    word(at, match.index);
    word(match.index, match.index + match[0].length);
    at = match.index + match[0].length;
  }
  word(at, bareValue.length);
  return joinAll(parts);
}
const join = filter('do_join', ['d', 'attribute'], (runtime, x, [separator = '', attribute]) => {
  const get = attribute === undefined || bare(attribute) === null ? null : attributeGetter(attribute);
  const items = iterate(runtime, x);
  return joinText(
    runtime,
    text(separator),
    items.map((item) => text(get === null ? item : get(runtime, item))),
  );
});

const reverse = filter('do_reverse', [], (runtime, x) => {
  if (isText(x)) return joinAll(characters(x).reverse());
  if (x instanceof Markup) return new Markup(joinAll(characters(x.text).reverse()));
  if (x instanceof Undefined) return [];
  const reversible = isList(x) || isDict(x) || x instanceof Tuple || x instanceof Range || x instanceof DictView;
  if (!reversible && !(x instanceof Lazy)) fail('argument must be iterable');
  const items = Array.from(iterate(runtime, x)).reverse();
  return reversible ? new Lazy(items.values(), `${typeName(x)}_reverseiterator`) : items;
});

const sum = filter('sum', ['attribute', 'start'], (runtime, x, [attribute, start = 0]) => {
  const get = attributeGetter(given(attribute));
  let total: PyValue = start;
  for (const item of iterate(runtime, x)) total = add(runtime, bare(total), bare(get(runtime, item)));
  return total;
});

const groupby = filter(
  'groupby',
  ['attribute', 'default', 'case_sensitive'],
  (runtime, x, [attribute, fallback, sensitive]) => {
    const get = attributeGetter(attribute!);
    const value = (item: PyValue): PyValue => {
      const found = get(runtime, item);
      return found instanceof Undefined && fallback !== undefined && bare(fallback) !== null ? fallback : found;
    };
    const key = (item: PyValue): PyValue => (option(sensitive, false) ? value(item) : ignoreCase(value(item)));
    const groups: { key: PyValue; items: PyValue[] }[] = [];
    for (const item of sorted(runtime, iterate(runtime, x), key, false)) {
      const last = groups.at(-1);
      if (last !== undefined && equals(last.key, key(item))) last.items.push(item);
      else groups.push({ key: key(item), items: [item] });
    }
    return groups.map((group) => new Tuple([value(group.items[0]!), group.items]));
  },
  1,
);

const truncate = filter(
  'do_truncate',
  ['length', 'killwords', 'end', 'leeway'],
  (runtime, x, [size = 255, kill, end = '...', leeway = 5]) => {
    const limit = indexOf(size);
    const tail = text(end);
    const slack = bare(leeway) === null ? 5 : indexOf(leeway);
    if (length(x) <= limit + slack) return x;
    const head = slice(runtime, text(x), 0, limit - length(tail), null) as Text;
    if (option(kill, false)) return join2(head, tail);
    const words = textMethod('rsplit')!(runtime, head, [' ', 1], NO_KEYWORDS) as readonly Text[];
    return join2(words[0]!, tail);
  },
);

const urlencode = filter('do_urlencode', [], (runtime, x) => {
  const quote = (v: PyValue, query: boolean): string => {
    const encoded = encodeURIComponent(plainStr(v)).replace(
      /[!'()*]/g,
      (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
    );
    return query ? encoded.replaceAll('%20', '+') : encoded.replaceAll('%2F', '/');
  };
  if (isText(x) || numberOf(x) !== undefined || bare(x) === null) return quote(x, false);
  const pairs = isDict(x) ? entriesOf(x) : iterate(runtime, x);
  return pairs
    .map((pair) => (pair instanceof Tuple ? pair.items : iterate(runtime, pair)))
    .map(([key, value]) => `${quote(key!, true)}=${quote(value!, true)}`)
    .join('&');
});

const FILTERS: ReadonlyMap<string, FilterFunction> = new Map<string, FilterFunction>([
  [
    'tojson',
    filter(
      'tojson',
      ['ensure_ascii', 'indent', 'separators', 'sort_keys'],
      (runtime, x, [ascii, pad, separators, sort]) =>
        tojson(runtime, x, option(ascii, false), given(pad), given(separators), option(sort, false)),
    ),
  ],
  ['safe', filter('safe', [], (_, x) => (x instanceof Markup ? x : new Markup(text(x))))],
  ['string', filter('string', [], (_, x) => (x instanceof Markup ? x : text(x)))],
  ['escape', filter('escape', [], (_, x) => (x instanceof Markup ? x : new Markup(escapeHtml(text(x)))))],
  ['forceescape', filter('forceescape', [], (_, x) => new Markup(escapeHtml(text(x))))],
  [
    'trim',
    filter('do_trim', ['chars'], (_, x, [chars]) => {
      const result = strip(text(x), chars);
      return x instanceof Markup ? new Markup(result) : result;
    }),
  ],
  ['upper', onText('do_upper', upper)],
  ['lower', onText('do_lower', lower)],
  ['capitalize', onText('do_capitalize', capitalize)],
  ['title', onText('do_title', titleWords)],
  [
    'replace',
    filter(
      'do_replace',
      ['old', 'new', 'count'],
      (_, x, [from, to, count]) =>
        replace(text(x), text(from!), text(to!), count === undefined || bare(count) === null ? -1 : indexOf(count)),
      2,
    ),
  ],
  [
    'format',
    (_, x, args, keywords) => {
      if (args.length > 0 && keywords.size > 0) fail("can't handle positional and keyword arguments at the same time");
      return formatPercent(text(x), keywords.size > 0 ? (keywords as ReadonlyMap<PyValue, PyValue>) : new Tuple(args));
    },
  ],
  ['length', filter('len', [], (_, x) => length(x))],
  [
    'default',
    filter('do_default', ['default_value', 'boolean'], (_, x, [fallback = '', boolean]) =>
      x instanceof Undefined || (boolean !== undefined && truth(boolean) && !truth(x)) ? fallback : x,
    ),
  ],
  [
    'list',
    filter('do_list', [], (runtime, x) => {
      const items = iterate(runtime, x);
      runtime.charge(items.length);
      return Array.from(items);
    }),
  ],
  [
    'first',
    filter('do_first', [], (runtime, x) => {
      if (isList(x)) return orElse(x[0], () => undefinedHint('No first item, sequence was empty.'));
      const { value, done } = iterateLazily(runtime, x).next();
      return done === true ? undefinedHint('No first item, sequence was empty.') : value;
    }),
  ],
  [
    'last',
    filter('do_last', [], (runtime, x) => {
      if (x instanceof Lazy) fail(`'${typeName(x)}' object is not reversible`);
      return orElse(iterate(runtime, x).at(-1), () => undefinedHint('No last item, sequence was empty.'));
    }),
  ],
  ['join', join],
  ['items', filter('do_items', [], (_, x) => new Lazy(items(x)))],
  [
    'dictsort',
    filter('do_dictsort', ['case_sensitive', 'by', 'reverse'], (runtime, x, [sensitive, by = 'key', reversed]) => {
      const position = ['key', 'value'].indexOf(plainStr(by));
      if (position < 0) fail('You can only sort by either "key" or "value"');
      if (x instanceof Undefined) fail(x.message());
      if (!isDict(x)) return fail(`'${typeName(x)}' object has no attribute 'items'`);
      const key = (pair: PyValue): PyValue => {
        const value = (pair as Tuple).items[position]!;
        return option(sensitive, false) ? value : ignoreCase(value);
      };
      return sorted(runtime, entriesOf(x), key, option(reversed, false));
    }),
  ],
  [
    'sort',
    filter('do_sort', ['reverse', 'case_sensitive', 'attribute'], (runtime, x, [reversed, sensitive, attribute]) =>
      sorted(
        runtime,
        iterate(runtime, x),
        sortKey(runtime, given(attribute), option(sensitive, false)),
        option(reversed, false),
      ),
    ),
  ],
  [
    'unique',
    filter(
      'do_unique',
      ['case_sensitive', 'attribute'],
      (runtime, x, [sensitive, attribute]) => new Lazy(unique(runtime, x, option(sensitive, false), given(attribute))),
    ),
  ],
  ['reverse', reverse],
  [
    'abs',
    filter('abs', [], (_, x) => {
      const n = numberOf(x);
      if (x instanceof Undefined || n === undefined)
        return fail(x instanceof Undefined ? x.message() : `bad operand type for abs(): '${typeName(x)}'`);
      const size = n < 0 ? negatedNumber(n) : n;
      return numberFrom(x, isFloat(x) ? new Float(Math.abs(Number(n))) : size);
    }),
  ],
  ['int', toInt],
  ['float', toFloat],
  ['round', round],
  ['sum', sum],
  ['min', extreme('min')],
  ['max', extreme('max')],
  ['indent', indent],
  ['select', selecting(true, false)],
  ['reject', selecting(false, false)],
  ['selectattr', selecting(true, true)],
  ['rejectattr', selecting(false, true)],
  ['map', (runtime, x, args, keywords) => new Lazy(mapped(runtime, x, args, keywords))],
  [
    'batch',
    filter(
      'do_batch',
      ['linecount', 'fill_with'],
      (runtime, x, [size, fill]) => new Lazy(batched(runtime, x, indexOf(size!), given(fill))),
      1,
    ),
  ],
  [
    'slice',
    filter(
      'do_slice',
      ['slices', 'fill_with'],
      (runtime, x, [slices, fill]) => new Lazy(sliced(runtime, x, indexOf(slices!), given(fill))),
      1,
    ),
  ],
  ['groupby', groupby],
  [
    'attr',
    filter(
      'do_attr',
      ['name'],
      (runtime, x, [name]) => {
        const key = plainStr(name!);
        // Unlike `x.name`, never an item.
        return isDict(x) && x.has(key) && !['items', 'keys', 'values', 'get', 'copy'].includes(key)
          ? getAttribute(runtime, new Map(), key)
          : getAttribute(runtime, x, key);
      },
      1,
    ),
  ],
  ['truncate', truncate],
  ['wordcount', filter('do_wordcount', [], (_, x) => plain(text(x)).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0)],
  [
    'center',
    filter('do_center', ['width'], (runtime, x, [width = 80]) =>
      textMethod('center')!(runtime, text(x), [width], NO_KEYWORDS),
    ),
  ],
  ['urlencode', urlencode],
  ['pprint', filter('do_pprint', [], (_, x) => repr(x))],
  ['striptags', filter('do_striptags', [], (_, x) => withoutTags(plain(text(x))))],
]);

function* items(x: PyValue): Generator<PyValue> {
  if (x instanceof Undefined) return;
  if (!isDict(x)) fail('Can only get item pairs from a mapping.');
  yield* entriesOf(x as ReadonlyMap<PyValue, PyValue>);
}

/** markupsafe's striptags: comments, then tags, then one space between words. */
function withoutTags(value: string): string {
  const dropped = dropBetween(dropBetween(value, '<!--', '-->'), '<', '>');
  return dropped.split(/\s+/).filter(Boolean).join(' ');
}

function dropBetween(value: string, open: string, close: string): string {
  let out = '';
  let at = 0;
  for (let from = value.indexOf(open); from >= 0; from = value.indexOf(open, at)) {
    const to = value.indexOf(close, from + open.length);
    if (to < 0) break;
    out += value.slice(at, from);
    at = to + close.length;
  }
  return out + value.slice(at);
}

const ALIASES: Readonly<Record<string, string>> = { d: 'default', e: 'escape', count: 'length' };

/** A filter by its name, or undefined where Jinja has none (`random` is not repeatable and `wordwrap`, `xmlattr`, `urlize`, `filesizeformat` make HTML). */
export function findFilter(name: string): FilterFunction | undefined {
  return FILTERS.get(Object.hasOwn(ALIASES, name) ? ALIASES[name]! : name);
}
