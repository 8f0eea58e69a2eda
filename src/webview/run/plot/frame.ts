import { extremes, lowerBound } from '../../../core/runs/decimate.ts';
import type { PlotLines } from '../model/lines.ts';
import type { Stretch } from '../model/zoom.ts';

/** The area of one drawing, in pixels of the canvas, and what stands at its edges. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Pixels of the canvas in one of the page. */
  readonly ratio: number;
  readonly x: Stretch;
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
}

export const xPixel = (frame: Frame, x: number): number =>
  frame.left + (frame.width * (x - frame.x.from)) / (frame.x.to - frame.x.from);

/** Gives a function, since what does not change from point to point is worked out once. NaN where a value has no place. */
export function yPixels({ top, height, low, high, log }: Frame): (value: number) => number {
  if (!log) {
    const scale = height / (high - low);
    return (value) => top + (high - value) * scale;
  }
  const end = Math.log10(high);
  const scale = height / (end - Math.log10(low));
  return (value) => (value > 0 ? top + (end - Math.log10(value)) * scale : Number.NaN);
}

/** Ends of the vertical axis: what is seen of the lines, with some air. */
export function verticalRange(plot: PlotLines, { from, to }: Stretch): readonly [low: number, high: number] {
  let low = plot.low ?? Number.POSITIVE_INFINITY;
  let high = plot.high ?? Number.NEGATIVE_INFINITY;
  if (plot.low === null || plot.high === null)
    for (const { xs, line } of plot.lines) {
      // With the neighbors outside, whose lines lead in and out.
      const a = Math.max(0, lowerBound(xs, from) - 1);
      const b = lowerBound(xs, to) + 1;
      const seen = plot.log ? positive(line.values, a, b, extremes(line, a, b)) : extremes(line, a, b);
      if (plot.low === null && seen.min < low) low = seen.min;
      if (plot.high === null && seen.max > high) high = seen.max;
    }
  if (!(low <= high)) return plot.log ? [0.1, 10] : [plot.low ?? 0, plot.high ?? 1];
  if (plot.log) {
    const air = high > low ? (high / low) ** 0.06 : 2;
    return [low / air, high * air];
  }
  const air = high > low ? (high - low) * 0.06 : Math.abs(high) * 0.1 || 1;
  return [plot.low ?? low - air, plot.high ?? high + air];
}

interface Ends {
  readonly min: number;
  readonly max: number;
}

/** A logarithm needs values above zero: where the lowest is none, the lowest that is one. */
function positive(values: Float64Array, from: number, to: number, ends: Ends): Ends {
  if (ends.min > 0 || Number.isNaN(ends.min)) return ends;
  let min = Number.POSITIVE_INFINITY;
  for (let i = from; i < Math.min(to, values.length); i++) {
    const value = values[i] as number;
    if (value > 0 && value < min) min = value;
  }
  return { min, max: ends.max };
}

/** Labels of a logarithmic axis: powers of ten, and where those are too few their doubles and fives. At most `most`. */
export function logTicks(low: number, high: number, most: number): number[] {
  const ticks = (factors: readonly number[]): number[] => {
    const found = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
      for (const factor of factors) {
        const value = factor * 10 ** power;
        if (value >= low && value <= high) found.push(value);
      }
    return found;
  };
  const powers = ticks([1]);
  const finer = [ticks([1, 2, 3, 4, 5, 6, 7, 8, 9]), ticks([1, 2, 5]), ticks([1, 3]), powers].find(
    (some) => some.length <= most && some.length > 0,
  );
  if (finer !== undefined) return finer;
  const every = Math.ceil(powers.length / most);
  return powers.filter((_, i) => i % every === 0);
}
