/**
 * The value of a row, lossless in everything that Python's `json.loads` keeps: ints and floats differ, big ints are
 * exact, key order stays. Objects are Maps (a key may be `__proto__`), so that template code can never reach a prototype.
 */
export type Value = null | boolean | number | bigint | Float | string | readonly Value[] | ReadonlyMap<string, Value>;

/** A number that JSON spells with `.`, `e` or `E`: Python reads it as float and prints it as one (`1.0` stays `1.0`). */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** Half-open range `[start, end)`; the unit stands where the range is declared (UTF-16 units unless said otherwise). */
export type Range = readonly [start: number, end: number];

/** RFC 6901 JSON pointer, e.g. `/messages/0/content`. The whole row is the empty string. */
export type Pointer = string;

export const isObject = (value: Value | undefined): value is ReadonlyMap<string, Value> => value instanceof Map;
export const isArray = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

export const pointerOf = (parent: Pointer, key: string | number): Pointer =>
  `${parent}/${typeof key === 'number' || !(key.includes('~') || key.includes('/')) ? key : escapedKey(key)}`;

const escapedKey = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
