import { Float, type Value } from './value.ts';

/** A plain JavaScript value (of `sft-lens.json` or the command line) as a template sees it: whole numbers are ints. */
export function parsePlain(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? value : new Float(value);
  if (Array.isArray(value)) return value.map(parsePlain);
  if (typeof value === 'object') return new Map(Object.entries(value).map(([key, item]) => [key, parsePlain(item)]));
  return String(value);
}
