import { attribute } from './access.ts';
import { hashable } from './dicts.ts';
import { fail } from './errors.ts';
import { type FilterFunction, type Filters, filter } from './filter.ts';
import { NUMBER_FILTERS } from './filters-number.ts';
import { SEQUENCE_FILTERS } from './filters-sequence.ts';
import { TEXT_FILTERS } from './filters-text.ts';
import { length, truth } from './operators.ts';
import { bareText, typeName, Undefined, undefinedAttribute } from './values.ts';

const VALUE_FILTERS: Filters = [
  ['length', filter('len', [], (_, x) => length(x))],
  [
    'default',
    filter('do_default', ['default_value', 'boolean'], (_, x, [fallback = '', boolean]) =>
      x instanceof Undefined || (boolean !== undefined && truth(boolean) && !truth(x)) ? fallback : x,
    ),
  ],
  [
    'attr',
    // Unlike `x.name`, never an item.
    filter(
      'do_attr',
      ['name'],
      (runtime, x, [name]) => {
        const key = bareText(hashable(name!));
        if (typeof key !== 'string') return fail(`attribute name must be string, not '${typeName(name!)}'`);
        return attribute(runtime, x, key) ?? undefinedAttribute(x, key);
      },
      1,
    ),
  ],
];

const ALIASES: Readonly<Record<string, string>> = { d: 'default', e: 'escape', count: 'length' };

let all: ReadonlyMap<string, FilterFunction> | null = null;

/** A filter by its name, or undefined where Jinja has none. */
export function findFilter(name: string): FilterFunction | undefined {
  all ??= new Map([...VALUE_FILTERS, ...TEXT_FILTERS, ...NUMBER_FILTERS, ...SEQUENCE_FILTERS]);
  return all.get(Object.hasOwn(ALIASES, name) ? ALIASES[name]! : name);
}
