import { isText } from '../origin/traced.ts';
import { bind } from './arguments.ts';
import { dictOf } from './dicts.ts';
import { Failure, fail } from './errors.ts';
import { DICT_METHODS, fromKeys } from './methods.ts';
import { indexOf } from './numbers.ts';
import { iterate, truth, used } from './operators.ts';
import { plainStr } from './printing.ts';
import { reprString } from './repr.ts';
import type { Runtime } from './runtime.ts';
import { type Clock, now, strftime } from './strftime.ts';
import {
  Callable,
  copyDict,
  isDict,
  isList,
  type Keywords,
  Markup,
  Namespace,
  type PyList,
  type PyValue,
  Range,
  Tuple,
  typeName,
} from './values.ts';

/** jinja2.sandbox.MAX_RANGE */
const MAX_RANGE = 100_000;

function range(_: Runtime, args: PyList, keywords: Keywords): PyValue {
  if (keywords.size > 0) fail('range() takes no keyword arguments');
  const whole = args.map((x) => indexOf(x));
  if (whole.length === 0) fail('range expected at least 1 argument, got 0');
  if (whole.length > 3) fail(`range expected at most 3 arguments, got ${whole.length}`);
  const [a = 0, b, step = 1] = whole;
  if (step === 0) fail('range() arg 3 must not be zero');
  const made = b === undefined ? new Range(0, a, 1) : new Range(a, b, step);
  if (made.length > MAX_RANGE) fail(`Range too big. The sandbox blocks ranges larger than MAX_RANGE (${MAX_RANGE}).`);
  return made;
}

function pairs(runtime: Runtime, args: PyList, keywords: Keywords): Map<PyValue, PyValue> {
  if (args.length > 1) fail(`dict expected at most 1 argument, got ${args.length}`);
  const source = args[0];
  let dict: Map<PyValue, PyValue> = new Map();
  if (source !== undefined) {
    used(source);
    if (isDict(source)) dict = copyDict(source);
    else if (source instanceof Namespace) fail("'Namespace' object is not iterable");
    else {
      const entries = iterate(runtime, source).map((item, i): [PyValue, PyValue] => {
        const pair = item instanceof Tuple ? item.items : isList(item) || isText(item) ? iterate(runtime, item) : null;
        if (pair === null) return fail(`cannot convert dictionary update sequence element #${i} to a sequence`);
        if (pair.length !== 2)
          fail(`dictionary update sequence element #${i} has length ${pair.length}; 2 is required`);
        return [pair[0]!, pair[1]!];
      });
      dict = dictOf(entries);
    }
  }
  runtime.charge(dict.size);
  for (const [key, value] of keywords) dict.set(key, value);
  return dict;
}

/** transformers 5.23: a name that begins with an underscore cannot be stored on a namespace. */
export function checkNamespaceName(runtime: Runtime, name: string): void {
  if (!runtime.restricted || !name.startsWith('_')) return;
  fail(
    `Chat templates cannot store underscore-prefixed attributes on a namespace, but got ${reprString(name)}. Please rename the attribute.`,
  );
}

function namespace(runtime: Runtime, args: PyList, keywords: Keywords): PyValue {
  const attributes = pairs(runtime, args, keywords);
  for (const key of attributes.keys()) if (typeof key === 'string') checkNamespaceName(runtime, key);
  return new Namespace(attributes, runtime.restricted ? 'TemplateNamespace' : 'Namespace');
}

function raiseException(_: Runtime, args: PyList, keywords: Keywords): PyValue {
  const [message] = bind('raise_exception', ['message'], args, keywords, 1);
  throw new Failure(plainStr(message!), 'raised');
}

function cycler(_: Runtime, items: PyList, keywords: Keywords): PyValue {
  for (const name of keywords.keys()) fail(`Cycler.__init__() got an unexpected keyword argument '${name}'`);
  if (items.length === 0) fail('at least one item has to be provided');
  let at = 0;
  const attributes = new Map<string, PyValue>([['items', new Tuple(items)]]);
  const show = (): void => {
    attributes.set('current', items[at]!);
    attributes.set('pos', at);
  };
  show();
  const method = (name: string, run: () => PyValue): void => {
    const call: Callable['call'] = (__, args, named) => {
      bind(`Cycler.${name}`, [], args, named);
      return run();
    };
    attributes.set(name, new Callable(name, call, `<bound method Cycler.${name}>`, null, 'method'));
  };
  method('next', () => {
    const item = items[at]!;
    at = (at + 1) % items.length;
    show();
    return item;
  });
  method('reset', () => {
    at = 0;
    show();
    return null;
  });
  return new Callable(
    'Cycler',
    () => fail("'Cycler' object is not callable"),
    '<jinja2.utils.Cycler object>',
    attributes,
    'Cycler',
  );
}

function joiner(_: Runtime, args: PyList, keywords: Keywords): PyValue {
  const [separator = ', '] = bind('Joiner.__init__', ['sep'], args, keywords);
  const attributes = new Map<string, PyValue>([
    ['sep', separator],
    ['used', false],
  ]);
  const call: Callable['call'] = (__, more, named) => {
    bind('Joiner.__call__', [], more, named);
    if (attributes.get('used') === true) return separator;
    attributes.set('used', true);
    return '';
  };
  return new Callable('Joiner', call, '<jinja2.utils.Joiner object>', attributes, 'Joiner');
}

const LOREM =
  'Lorem ipsum dolor sit amet, consectetuer adipiscing elit, sed diam nonummy nibh euismod tincidunt ut laoreet.';

/** Jinja's text is random: it cannot be known, so ours is always the same sentence. */
function lipsum(_: Runtime, args: PyList, keywords: Keywords): PyValue {
  const [n = 5, html = true] = bind('generate_lorem_ipsum', ['n', 'html', 'min', 'max'], args, keywords);
  const paragraphs = Array.from({ length: Math.min(1000, Math.max(0, indexOf(n))) }, () => LOREM);
  return truth(html) ? new Markup(paragraphs.map((p) => `<p>${p}</p>`).join('\n')) : paragraphs.join('\n\n');
}

/**
 * The globals of transformers' environment. `clock` pins `strftime_now`; null reads the machine's. `restricted`: those of
 * transformers 5.23, whose `dict` can only be called and has no method but `fromkeys`.
 */
export const globalsOf = (clock: Clock | null, restricted: boolean): ReadonlyMap<string, PyValue> =>
  clock !== null ? makeGlobals(clock, restricted) : restricted ? RESTRICTED : UNRESTRICTED;

function makeGlobals(clock: Clock | null, restricted: boolean): ReadonlyMap<string, PyValue> {
  const strftimeNow = (_: Runtime, args: PyList, keywords: Keywords): PyValue => {
    const [format] = bind('strftime_now', ['format'], args, keywords, 1);
    if (!isText(format)) return fail(`strftime() argument 1 must be str, not ${typeName(format!)}`);
    return strftime(plainStr(format), clock ?? now());
  };
  return new Map([
    ...COMMON,
    ['strftime_now', callable('strftime_now', strftimeNow)],
    ['dict', restricted ? TEMPLATE_DICT : DICT_CLASS],
  ]);
}

const callable = (name: string, call: Callable['call'], type = 'function'): Callable =>
  new Callable(name, call, `<function ${name}>`, null, type);

const FROM_KEYS: readonly [string, PyValue] = [
  'fromkeys',
  callable('fromkeys', (runtime, args, keywords) => {
    for (const _ of keywords) fail('dict.fromkeys() takes no keyword arguments');
    return fromKeys(runtime, args);
  }),
];

const TEMPLATE_DICT = new Callable('dict', pairs, '<TemplateDict object>', new Map([FROM_KEYS]), 'TemplateDict');

/** Python's own class, whose methods take the dict as their first argument. */
const DICT_CLASS = new Callable(
  'dict',
  pairs,
  "<class 'dict'>",
  new Map([
    ...Array.from(DICT_METHODS, ([name, method]): [string, PyValue] => [
      name,
      callable(name, (runtime, [of, ...args], keywords) => {
        if (of === undefined) return fail(`unbound method dict.${name}() needs an argument`);
        if (!isDict(of))
          return fail(`descriptor '${name}' for 'dict' objects doesn't apply to a '${typeName(of)}' object`);
        return method(runtime, of, args, keywords);
      }),
    ]),
    FROM_KEYS,
  ]),
  'type',
);

const COMMON: readonly (readonly [string, PyValue])[] = [
  ['range', callable('range', range)],
  ['namespace', callable('namespace', namespace, 'type')],
  ['raise_exception', callable('raise_exception', raiseException)],
  ['cycler', callable('cycler', cycler, 'type')],
  ['joiner', callable('joiner', joiner, 'type')],
  ['lipsum', callable('lipsum', lipsum)],
];

// Nearly every render asks for one of these two.
const RESTRICTED = makeGlobals(null, true);
const UNRESTRICTED = makeGlobals(null, false);
