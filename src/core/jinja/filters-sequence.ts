import { isText } from '../origin/traced.ts';
import { attributeGetter } from './access.ts';
import { dictHas } from './dicts.ts';
import { fail } from './errors.ts';
import { type FilterFunction, type Filters, filter, given, ignoreCase, option } from './filter.ts';
import { findFilter } from './filters.ts';
import { indexOf, isFloat, numberOf } from './numbers.ts';
import { add, characters, compare, eachOf, equals, iterate, iterateLazily, joinAll, truth, used } from './operators.ts';
import { plainStr, repr, str } from './printing.ts';
import type { Runtime } from './runtime.ts';
import { findTest } from './tests.ts';
import { joinText } from './text.ts';
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
  orElse,
  type PyDict,
  type PyList,
  type PyValue,
  Range,
  Tuple,
  typeName,
  Undefined,
  undefinedHint,
} from './values.ts';

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
  const getters = paths.map((path) => attributeGetter(path));
  return (x) => getters.map((get) => (sensitive ? get(runtime, x) : ignoreCase(get(runtime, x))));
}

function* mapped(runtime: Runtime, x: PyValue, args: PyList, keywords: Keywords): Generator<PyValue> {
  if (!truth(x)) return;
  let apply: (item: PyValue) => PyValue;
  const attribute = keywords.get('attribute');
  if (args.length === 0 && attribute !== undefined) {
    for (const name of keywords.keys()) {
      if (name !== 'attribute' && name !== 'default') fail(`Unexpected keyword argument '${name}'`);
    }
    const get = attributeGetter(attribute, given(keywords.get('default')));
    apply = (item) => get(runtime, item);
  } else {
    const [name, ...rest] = args;
    if (name === undefined) return fail('map requires a filter argument');
    const found = findFilter(plainStr(name));
    const missing = `No filter named ${plainStr(repr(name))}.`;
    apply = (item) => (found === undefined ? fail(missing) : found(runtime, item, rest, keywords));
  }
  for (const item of iterateLazily(runtime, x)) yield apply(item);
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
  for (const item of iterateLazily(runtime, x)) {
    const value = get === null ? item : get(runtime, item);
    if (name !== undefined && test === undefined) fail(`No test named ${plainStr(repr(name))}.`);
    const passes = test === undefined ? truth(value) : test(runtime, value, rest, keywords);
    if (passes === want) yield item;
  }
}

function* unique(runtime: Runtime, x: PyValue, sensitive: boolean, attribute: PyValue): Generator<PyValue> {
  const get = attributeGetter(attribute);
  const seen = new Map<PyValue, null>();
  for (const item of iterateLazily(runtime, x)) {
    const value = get(runtime, item);
    const key = sensitive ? value : ignoreCase(value);
    if (dictHas(seen, key)) continue;
    seen.set(bareText(key), null);
    yield item;
  }
}

function* batched(runtime: Runtime, x: PyValue, size: PyValue, fill: PyValue): Generator<PyValue> {
  let batch: PyValue[] = [];
  for (const item of iterateLazily(runtime, x)) {
    if (equals(batch.length, size)) {
      yield batch;
      batch = [];
    }
    batch.push(item);
  }
  if (batch.length === 0) return;
  if (bare(fill) !== null && compare(batch.length, size, '<') < 0) {
    const missing = indexOf(size, `can't multiply sequence by non-int of type '${typeName(size)}'`) - batch.length;
    runtime.charge(8 * missing);
    for (let i = 0; i < missing; i++) batch.push(fill);
  }
  yield batch;
}

function* sliced(runtime: Runtime, x: PyValue, slices: PyValue, fill: PyValue): Generator<PyValue> {
  const items = iterate(runtime, x);
  used(slices);
  if (numberOf(slices) === undefined) {
    fail(`unsupported operand type(s) for //: 'int' and '${typeName(slices)}'`);
  }
  if (isFloat(slices)) fail("'float' object cannot be interpreted as an integer");
  const count = indexOf(slices);
  if (count === 0) fail('integer division or modulo by zero');
  const each = Math.floor(items.length / count);
  const extra = items.length % count;
  let offset = 0;
  for (let n = 0; n < count; n++) {
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

const join = filter('do_join', ['d', 'attribute'], (runtime, x, [separator = '', attribute]) => {
  const get = attribute === undefined || bare(attribute) === null ? null : attributeGetter(attribute);
  return joinText(
    runtime,
    str(separator),
    Array.from(eachOf(runtime, x), (item) => str(get === null ? item : get(runtime, item))),
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
  if (isText(start) || start instanceof Markup) fail("sum() can't sum strings [use ''.join(seq) instead]");
  const get = attributeGetter(given(attribute));
  let total: PyValue = start;
  for (const item of iterate(runtime, x)) total = add(runtime, bare(total), bare(get(runtime, item)));
  return total;
});

const groupby = filter(
  'groupby',
  ['attribute', 'default', 'case_sensitive'],
  (runtime, x, [attribute, fallback, sensitive]) => {
    const get = attributeGetter(attribute!, given(fallback));
    const value = (item: PyValue): PyValue => get(runtime, item);
    const key = (item: PyValue): PyValue => (option(sensitive, false) ? value(item) : ignoreCase(value(item)));
    const groups: { key: PyValue; items: PyValue[] }[] = [];
    for (const item of sorted(runtime, iterate(runtime, x), key, false)) {
      const last = groups.at(-1);
      if (last !== undefined && equals(last.key, key(item))) last.items.push(item);
      else groups.push({ key: key(item), items: [item] });
    }
    return groups.map((group) => new Tuple([value(group.items[0]!), group.items], GROUP));
  },
  1,
);
const GROUP = ['grouper', 'list'];

function* items(x: PyValue): Generator<PyValue> {
  if (x instanceof Undefined) return;
  if (!isDict(x)) fail('Can only get item pairs from a mapping.');
  yield* entriesOf(x as PyDict);
}

const first = filter('do_first', [], (runtime, x) => {
  if (isList(x)) return orElse(x[0], () => undefinedHint('No first item, sequence was empty.'));
  const { value, done } = iterateLazily(runtime, x).next();
  return done === true ? undefinedHint('No first item, sequence was empty.') : value;
});

const last = filter('do_last', [], (runtime, x) => {
  if (x instanceof Lazy) fail(`'${typeName(x)}' object is not reversible`);
  return orElse(iterate(runtime, x).at(-1), () => undefinedHint('No last item, sequence was empty.'));
});

/** Python's choice cannot be known; ours is always the first. */
const random = filter('do_random', [], (runtime, x) => {
  if (x instanceof Lazy) fail(`object of type '${typeName(x)}' has no len()`);
  return orElse(iterate(runtime, x)[0], () => undefinedHint('No random item, sequence was empty.'));
});

/** Python's `sorted` takes no other truth than an int's. */
const isReversed = (x: PyValue | undefined): boolean => x !== undefined && indexOf(x) !== 0;

const dictsort = filter(
  'do_dictsort',
  ['case_sensitive', 'by', 'reverse'],
  (runtime, x, [sensitive, by = 'key', reversed]) => {
    const position = ['key', 'value'].findIndex((name) => equals(name, by));
    if (position < 0) fail('You can only sort by either "key" or "value"');
    used(x);
    if (!isDict(x)) return fail(`'${typeName(x)}' object has no attribute 'items'`);
    const key = (pair: PyValue): PyValue => {
      const value = (pair as Tuple).items[position]!;
      return option(sensitive, false) ? value : ignoreCase(value);
    };
    return sorted(runtime, entriesOf(x), key, isReversed(reversed));
  },
);

export const SEQUENCE_FILTERS: Filters = [
  [
    'list',
    filter('do_list', [], (runtime, x) => {
      const list = iterate(runtime, x);
      runtime.charge(list.length);
      return Array.from(list);
    }),
  ],
  ['first', first],
  ['last', last],
  ['random', random],
  ['join', join],
  ['items', filter('do_items', [], (_, x) => new Lazy(items(x)))],
  ['dictsort', dictsort],
  [
    'sort',
    filter('do_sort', ['reverse', 'case_sensitive', 'attribute'], (runtime, x, [reversed, sensitive, attribute]) =>
      sorted(
        runtime,
        iterate(runtime, x),
        sortKey(runtime, given(attribute), option(sensitive, false)),
        isReversed(reversed),
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
  ['sum', sum],
  ['min', extreme('min')],
  ['max', extreme('max')],
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
      (runtime, x, [size, fill]) => new Lazy(batched(runtime, x, size!, given(fill))),
      1,
    ),
  ],
  [
    'slice',
    filter(
      'do_slice',
      ['slices', 'fill_with'],
      (runtime, x, [slices, fill]) => new Lazy(sliced(runtime, x, slices!, given(fill))),
      1,
    ),
  ],
  ['groupby', groupby],
];
