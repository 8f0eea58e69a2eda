import { isText, type Text } from '../origin/traced.ts';
import { fromKeys } from './access.ts';
import { Failure, fail } from './errors.ts';
import { indexOf } from './numbers.ts';
import { iterate } from './operators.ts';
import { plainStr, str } from './printing.ts';
import type { Runtime } from './runtime.ts';
import { type Clock, now, strftime } from './strftime.ts';
import {
  bare,
  Callable,
  copyDict,
  dictOf,
  isDict,
  isList,
  type Keywords,
  Namespace,
  type PyList,
  type PyValue,
  Range,
  Tuple,
  typeName,
} from './values.ts';

/** jinja2.sandbox.MAX_RANGE */
const MAX_RANGE = 100_000;

function range(_: Runtime, args: PyList): PyValue {
  const whole = args.map((x) => indexOf(x, `'${typeName(x)}' object cannot be interpreted as an integer`));
  if (whole.length === 0 || whole.length > 3) fail(`range expected at least 1 argument, got ${whole.length}`);
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
export function checkNamespaceName(name: string): void {
  if (!name.startsWith('_')) return;
  fail(
    `Chat templates cannot store underscore-prefixed attributes on a namespace, but got '${name}'. Please rename the attribute.`,
  );
}

function namespace(runtime: Runtime, args: PyList, keywords: Keywords): PyValue {
  const attributes = new Map<string, PyValue>();
  for (const [key, value] of pairs(runtime, args, keywords)) {
    const name = plainStr(key);
    checkNamespaceName(name);
    attributes.set(name, value);
  }
  return new Namespace(attributes);
}

function raiseException(_: Runtime, args: PyList, keywords: Keywords): PyValue {
  const message = args[0] === undefined ? keywords.get('message') : args[0];
  if (message === undefined) fail("raise_exception() missing 1 required positional argument: 'message'");
  throw new Failure(bare(message!) === null ? 'None' : plainStr(message!), 'raised');
}

function cycler(_: Runtime, items: PyList): PyValue {
  if (items.length === 0) fail('at least one item has to be provided');
  let at = 0;
  const attributes = new Map<string, PyValue>();
  const show = (): void => {
    attributes.set('current', items[at]!);
  };
  show();
  attributes.set(
    'next',
    new Callable('next', () => {
      const item = items[at]!;
      at = (at + 1) % items.length;
      show();
      return item;
    }),
  );
  attributes.set(
    'reset',
    new Callable('reset', () => {
      at = 0;
      show();
      return null;
    }),
  );
  return new Callable('Cycler', () => fail("'Cycler' object is not callable"), '<Cycler>', attributes);
}

function joiner(_: Runtime, args: PyList): PyValue {
  let used = false;
  const separator: Text = args[0] === undefined ? ', ' : str(args[0]);
  return new Callable('Joiner', () => {
    if (used) return separator;
    used = true;
    return '';
  });
}

/** The globals of transformers' environment. `clock` pins `strftime_now`; null reads the machine's. */
export function globalsOf(clock: Clock | null): ReadonlyMap<string, PyValue> {
  const strftimeNow = (_: Runtime, args: PyList, keywords: Keywords): PyValue => {
    const format = args[0] === undefined ? keywords.get('format') : args[0];
    if (format === undefined || !isText(format)) {
      return fail(`strftime() argument 1 must be str, not ${format === undefined ? 'NoneType' : typeName(format)}`);
    }
    return strftime(plainStr(format), clock ?? now());
  };
  return clock === null ? CLOCKLESS : new Map([...CLOCKLESS, ['strftime_now', callable('strftime_now', strftimeNow)]]);
}

const callable = (name: string, call: Callable['call']): Callable => new Callable(name, call, `<function ${name}>`);

const CLOCKLESS: ReadonlyMap<string, PyValue> = new Map<string, PyValue>([
  ['range', callable('range', range)],
  ['namespace', callable('namespace', namespace)],
  [
    'dict',
    new Callable(
      'dict',
      pairs,
      '<TemplateDict object>',
      new Map([['fromkeys', callable('fromkeys', (runtime, args) => fromKeys(runtime, args))]]),
    ),
  ],
  ['raise_exception', callable('raise_exception', raiseException)],
  ['cycler', callable('cycler', cycler)],
  ['joiner', callable('joiner', joiner)],
  [
    'strftime_now',
    callable('strftime_now', (_, args) =>
      strftime(plainStr(args[0] ?? fail("strftime_now() missing 1 required positional argument: 'format'")), now()),
    ),
  ],
]);
