import { isText, plain } from '../origin/traced.ts';
import { bind } from './arguments.ts';
import { truth } from './operators.ts';
import type { Runtime } from './runtime.ts';
import { bareText, isList, type Keywords, type PyList, type PyValue } from './values.ts';

/** A filter; `x | name(args)`. */
export type FilterFunction = (runtime: Runtime, x: PyValue, args: PyList, keywords: Keywords) => PyValue;
export type Filters = readonly (readonly [string, FilterFunction])[];

/** Arguments by parameter; undefined where none was given. */
export type Bound = readonly (PyValue | undefined)[];

/** A filter with named parameters, of which the first `required` must be given; text that it takes is charged by its length. */
export const filter =
  (
    name: string,
    parameters: readonly string[],
    run: (runtime: Runtime, x: PyValue, args: Bound) => PyValue,
    required = 0,
  ): FilterFunction =>
  (runtime, x, args, keywords) => {
    if (isText(x)) runtime.charge(typeof x === 'string' ? x.length : x.value.length);
    else runtime.charge(isList(x) ? 2 * x.length : 0);
    return run(runtime, x, bind(name, parameters, args, keywords, required, 1));
  };

export const option = (value: PyValue | undefined, otherwise: boolean): boolean =>
  value === undefined ? otherwise : truth(value);
export const given = (value: PyValue | undefined): PyValue => value ?? null;

/** Jinja's `ignore_case`: texts in lower case. */
export function ignoreCase(x: PyValue): PyValue {
  const value = bareText(x);
  return typeof value === 'string' ? plain(value).toLowerCase() : x;
}
