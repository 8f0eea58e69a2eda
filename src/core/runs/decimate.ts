/**
 * Lines of any length, drawn at the cost of their pixels: minima and maxima over blocks of 8, 64, 512, ... values, so
 * that what falls into a column of pixels is known without looking at each of its values.
 */

/** Values that a block of the level below has. */
const FACTOR = 8;

interface Level {
  /** NaN where a block has no finite value. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** 1 where a value of the block is not finite. */
  readonly odd: Uint8Array;
}

export interface Pyramid {
  readonly values: Float64Array;
  /** From fine to coarse. */
  readonly levels: readonly Level[];
}

export function pyramid(values: Float64Array): Pyramid {
  const levels: Level[] = [];
  let below: Level = { min: values, max: values, odd: new Uint8Array(0) };
  while (below.min.length > FACTOR) {
    below = coarser(below);
    levels.push(below);
  }
  return { values, levels };
}

function coarser(below: Level): Level {
  const blocks = Math.ceil(below.min.length / FACTOR);
  const min = new Float64Array(blocks);
  const max = new Float64Array(blocks);
  const odd = new Uint8Array(blocks);
  const plain = below.odd.length === 0;
  for (let block = 0; block < blocks; block++) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    const end = Math.min(below.min.length, (block + 1) * FACTOR);
    for (let i = block * FACTOR; i < end; i++) {
      const a = below.min[i] as number;
      const b = below.max[i] as number;
      if (plain ? !Number.isFinite(a) : below.odd[i] === 1) odd[block] = 1;
      if (!Number.isFinite(a)) continue;
      if (a < low) low = a;
      if (b > high) high = b;
    }
    min[block] = high < low ? Number.NaN : low;
    max[block] = high < low ? Number.NaN : high;
  }
  return { min, max, odd };
}

export interface Extremes {
  /** NaN where no value is finite. */
  min: number;
  max: number;
  /** A value is NaN or infinite. */
  odd: boolean;
}

/** Of the values [from, to). Writes into `into`, which is also the result: this runs for each column of each frame. */
export function extremes(
  line: Pyramid,
  from: number,
  to: number,
  into: Extremes = { min: Number.NaN, max: Number.NaN, odd: false },
): Extremes {
  into.min = Number.POSITIVE_INFINITY;
  into.max = Number.NEGATIVE_INFINITY;
  into.odd = false;
  let a = Math.max(0, from);
  let b = Math.min(line.values.length, to);
  for (let depth = 0; a < b; depth++) {
    if (depth === line.levels.length) {
      scan(line, depth, a, b, into);
      break;
    }
    // What does not fill a block of the next level is looked at here, at both ends.
    const whole = Math.ceil(a / FACTOR);
    const end = Math.floor(b / FACTOR);
    if (whole >= end) {
      scan(line, depth, a, b, into);
      break;
    }
    scan(line, depth, a, whole * FACTOR, into);
    scan(line, depth, end * FACTOR, b, into);
    a = whole;
    b = end;
  }
  if (into.max < into.min) into.min = into.max = Number.NaN;
  return into;
}

/** Takes in blocks [from, to) of a level; depth 0 is the values themselves. */
function scan({ values, levels }: Pyramid, depth: number, from: number, to: number, into: Extremes): void {
  const level = levels[depth - 1];
  const mins = level?.min ?? values;
  const maxs = level?.max ?? values;
  for (let i = from; i < to; i++) {
    const low = mins[i] as number;
    const high = maxs[i] as number;
    if (level === undefined ? !Number.isFinite(low) : level.odd[i] === 1) into.odd = true;
    if (!Number.isFinite(low)) continue;
    if (low < into.min) into.min = low;
    if (high > into.max) into.max = high;
  }
}

/** Index of the first of the rising `xs` that is not below `x`. */
export function lowerBound(xs: Float64Array, x: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] as number) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the one of the rising `xs` that is nearest to `x`; -1 where there is none. */
export function nearest(xs: Float64Array, x: number): number {
  if (xs.length === 0) return -1;
  const after = Math.min(lowerBound(xs, x), xs.length - 1);
  const before = Math.max(0, after - 1);
  return x - (xs[before] as number) < (xs[after] as number) - x ? before : after;
}

/** Per column of pixels: first and last value and the extremes between; a column without points has `from === to`. */
export interface Columns {
  readonly count: number;
  /** One more than there are columns: points [from[c], from[c + 1]) fall into column c. */
  readonly from: Int32Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly odd: Uint8Array;
}

export const columnsFor = (count: number): Columns => ({
  count,
  from: new Int32Array(count + 1),
  min: new Float64Array(count),
  max: new Float64Array(count),
  odd: new Uint8Array(count),
});

/** Puts the points with x in [low, high] into the columns of `into`, equally wide. `xs` rise. */
export function decimate(xs: Float64Array, line: Pyramid, low: number, high: number, into: Columns): Columns {
  const { count, from } = into;
  const width = (high - low) / count;
  const found: Extremes = { min: Number.NaN, max: Number.NaN, odd: false };
  for (let column = 0; column < count; column++) from[column] = lowerBound(xs, low + column * width);
  let end = lowerBound(xs, high);
  while (end < xs.length && (xs[end] as number) <= high) end++;
  from[count] = end;
  for (let column = 0; column < count; column++) {
    extremes(line, from[column] as number, from[column + 1] as number, found);
    into.min[column] = found.min;
    into.max[column] = found.max;
    into.odd[column] = found.odd ? 1 : 0;
  }
  return into;
}
