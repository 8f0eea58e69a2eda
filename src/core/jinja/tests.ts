import { isText, plain } from '../origin/traced.ts';
import { isLower, isUpper } from './case.ts';
import { hashable } from './dicts.ts';
import { fail } from './errors.ts';
import { findFilter } from './filters.ts';
import { isFloat, numberOf } from './numbers.ts';
import { calculate, compare, contains, equals, isIterable } from './operators.ts';
import { plainStr, str } from './printing.ts';
import type { Runtime } from './runtime.ts';
import {
  Bytes,
  bare,
  Callable,
  isDict,
  isList,
  type Keywords,
  LoopState,
  Markup,
  type PyList,
  type PyValue,
  Range,
  Tuple,
  Undefined,
} from './values.ts';

/** A test; `x is name(args)`. */
export type TestFunction = (runtime: Runtime, x: PyValue, args: PyList, keywords: Keywords) => boolean;

const simple =
  (name: string, count: number, run: (x: PyValue, arg: PyValue, runtime: Runtime) => boolean): TestFunction =>
  (runtime, x, args, keywords) => {
    for (const key of keywords.keys()) fail(`test_${name}() got an unexpected keyword argument '${key}'`);
    if (args.length > count)
      fail(
        `test_${name}() takes ${count + 1} positional argument${count === 0 ? '' : 's'} but ${args.length + 1} were given`,
      );
    if (args.length < count) fail(`test_${name}() missing 1 required positional argument`);
    return run(x, args[0] ?? null, runtime);
  };

/** `x % by`, which formats a text. */
const remainder = (runtime: Runtime, x: PyValue, by: PyValue): PyValue => calculate(runtime, '%', x, by);

const compared = (operator: string, holds: (order: number) => boolean): TestFunction =>
  simple(operator, 1, (x, y, runtime) => holds(compare(x, y, operator, runtime)));

const isInteger = (x: PyValue): boolean => typeof bare(x) === 'number' || typeof bare(x) === 'bigint';
const isSequence = (x: PyValue): boolean =>
  isText(x) ||
  isList(x) ||
  isDict(x) ||
  x instanceof Tuple ||
  x instanceof Markup ||
  x instanceof Range ||
  x instanceof Bytes ||
  x instanceof Undefined;

/** Python's `is`: small values are shared, containers are themselves. */
function sameObject(x: PyValue, y: PyValue): boolean {
  const [a, b] = [bare(x), bare(y)];
  return a === b || (a instanceof Undefined && b instanceof Undefined && x === y);
}

/** A text that may name a filter or test; a list raises, as it does as the key of a dict. */
const isName = (x: PyValue): boolean => typeof hashable(x) === 'string';

const equal = simple('eq', 1, equals);
const unequal = simple('ne', 1, (x, y, runtime) => !equals(x, y, runtime));
const greater = compared('>', (order) => order > 0);
const less = compared('<', (order) => order < 0);
const atLeast = compared('>=', (order) => order >= 0);
const atMost = compared('<=', (order) => order <= 0);

const TESTS: ReadonlyMap<string, TestFunction> = new Map<string, TestFunction>([
  ['odd', simple('odd', 0, (x, _, runtime) => equals(remainder(runtime, x, 2), 1))],
  ['even', simple('even', 0, (x, _, runtime) => equals(remainder(runtime, x, 2), 0))],
  ['divisibleby', simple('divisibleby', 1, (x, by, runtime) => equals(remainder(runtime, x, by), 0))],
  ['defined', simple('defined', 0, (x) => !(x instanceof Undefined))],
  ['undefined', simple('undefined', 0, (x) => x instanceof Undefined)],
  ['filter', simple('filter', 0, (x) => isName(x) && findFilter(plainStr(x)) !== undefined)],
  ['test', simple('test', 0, (x) => isName(x) && findTest(plainStr(x)) !== undefined)],
  ['none', simple('none', 0, (x) => bare(x) === null)],
  ['boolean', simple('boolean', 0, (x) => typeof bare(x) === 'boolean')],
  ['false', simple('false', 0, (x) => bare(x) === false)],
  ['true', simple('true', 0, (x) => bare(x) === true)],
  ['integer', simple('integer', 0, isInteger)],
  ['float', simple('float', 0, isFloat)],
  ['lower', simple('lower', 0, (x) => isLower(plain(str(x))))],
  ['upper', simple('upper', 0, (x) => isUpper(plain(str(x))))],
  ['string', simple('string', 0, (x) => isText(x) || x instanceof Markup)],
  ['mapping', simple('mapping', 0, isDict)],
  ['number', simple('number', 0, (x) => numberOf(x) !== undefined)],
  ['sequence', simple('sequence', 0, isSequence)],
  ['iterable', simple('iterable', 0, isIterable)],
  [
    'callable',
    simple(
      'callable',
      0,
      (x) => (x instanceof Callable && x.type !== 'Cycler') || x instanceof LoopState || x instanceof Undefined,
    ),
  ],
  ['sameas', simple('sameas', 1, sameObject)],
  ['escaped', simple('escaped', 0, (x) => x instanceof Markup)],
  ['in', simple('in', 1, (x, container, runtime) => contains(runtime, container, x))],
  ...['==', 'eq', 'equalto'].map((name): [string, TestFunction] => [name, equal]),
  ...['!=', 'ne'].map((name): [string, TestFunction] => [name, unequal]),
  ...['>', 'gt', 'greaterthan'].map((name): [string, TestFunction] => [name, greater]),
  ...['<', 'lt', 'lessthan'].map((name): [string, TestFunction] => [name, less]),
  ...['>=', 'ge'].map((name): [string, TestFunction] => [name, atLeast]),
  ...['<=', 'le'].map((name): [string, TestFunction] => [name, atMost]),
]);

export function findTest(name: string): TestFunction | undefined {
  return TESTS.get(name);
}
