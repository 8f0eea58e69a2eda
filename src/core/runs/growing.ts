/** Lists of numbers that grow without copying all of it each time. */

type Numbers = Float64Array | Float32Array | Int32Array;

export interface Growing<T extends Numbers> {
  readonly length: number;
  push(value: number): void;
  append(values: ArrayLike<number>): void;
  at(index: number): number;
  set(index: number, value: number): void;
  /** Keeps the first `length`. */
  cut(length: number): void;
  /** The values [from, to) without a copy; it holds until the list is changed. */
  view(from?: number, to?: number): T;
  /** A copy of [from, to). */
  slice(from?: number, to?: number): T;
}

function growing<T extends Numbers>(make: (length: number) => T): Growing<T> {
  let values = make(64);
  let length = 0;
  const reserve = (more: number): void => {
    if (length + more <= values.length) return;
    const bigger = make(Math.max(length + more, Math.ceil(values.length * 1.6)));
    bigger.set(values.subarray(0, length));
    values = bigger;
  };
  return {
    get length() {
      return length;
    },
    push(value) {
      if (length === values.length) reserve(1);
      values[length++] = value;
    },
    append(more) {
      reserve(more.length);
      values.set(more, length);
      length += more.length;
    },
    at: (index) => (index >= 0 && index < length ? (values[index] as number) : Number.NaN),
    set(index, value) {
      if (index >= 0 && index < length) values[index] = value;
    },
    cut(to) {
      length = Math.min(length, Math.max(0, to));
    },
    view: (from = 0, to = length) => values.subarray(from, Math.min(to, length)) as T,
    slice: (from = 0, to = length) => values.slice(from, Math.min(to, length)) as T,
  };
}

export const growingDoubles = (): Growing<Float64Array> => growing((length) => new Float64Array(length));
export const growingFloats = (): Growing<Float32Array> => growing((length) => new Float32Array(length));
export const growingInts = (): Growing<Int32Array> => growing((length) => new Int32Array(length));

/** Index of the first of rising values that is not below `value`. */
export function firstNotBelow(list: { readonly length: number; at(index: number): number }, value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list.at(middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
