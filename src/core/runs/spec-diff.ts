import { counted } from '../checks/lib/words.ts';
import type { SpecDifference } from '../run-protocol.ts';
import type { RunSpec } from './spec.ts';

/** Where runs go and what they record does not change what they learn, but people ask for it: all keys are compared. */
const MAX_DEPTH = 8;

/** A spec as keys and values: `args.learning_rate`. */
function flat(value: unknown, key: string, into: Map<string, string>, depth = 0): Map<string, string> {
  const inside = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  if (inside.length === 0 || depth === MAX_DEPTH) {
    if (value !== undefined && !(depth > 0 && isEmptyObject(value)))
      into.set(key, typeof value === 'string' ? value : JSON.stringify(value));
    return into;
  }
  for (const [name, member] of inside) flat(member, key === '' ? name : `${key}.${name}`, into, depth + 1);
  return into;
}

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

/** The keys in which specs differ, in the order of the first one; a spec without the key has `—`. `values`: keys of all. */
export function specDifferences(specs: readonly RunSpec[]): {
  readonly differences: readonly SpecDifference[];
  readonly values: number;
} {
  const maps = specs.map((spec) => flat(spec, '', new Map()));
  const keys = [...new Set(maps.flatMap((map) => [...map.keys()]))];
  const differences = keys
    .map((key) => ({ key, values: maps.map((map) => map.get(key) ?? '—') }))
    .filter(({ values }) => values.some((value) => value !== values[0]));
  return { differences, values: keys.length };
}

/** "2 of 31 values differ". */
export function differenceSentence(differences: number, values: number): string {
  if (differences === 0) return `All ${counted(values, 'value')} are the same`;
  return `${differences} of ${counted(values, 'value')} ${differences === 1 ? 'differs' : 'differ'}`;
}
