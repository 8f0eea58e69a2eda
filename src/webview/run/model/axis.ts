import type { RunSeries } from '../../../core/run-protocol.ts';
import { lowerBound } from '../../../core/runs/decimate.ts';

export const AXES = ['step', 'tokens', 'epoch', 'time'] as const;
export type Axis = (typeof AXES)[number];

export const AXIS_LABELS: Readonly<Record<Axis, string>> = {
  step: 'Step',
  tokens: 'Tokens',
  epoch: 'Epoch',
  time: 'Time',
};

/** Where the points of a run stand on each axis. Time counts in seconds from the run's first point. */
export interface Positions {
  readonly points: Float64Array;
  readonly evals: Float64Array;
  readonly gpu: Float64Array;
  /** Of a step, logged or not. */
  at(step: number): number;
}

/** The axes that a run can be drawn over: those it has figures for. */
export const axesOf = (series: RunSeries): readonly Axis[] =>
  AXES.filter((axis) => axis === 'step' || (series.columns[axis]?.some(Number.isFinite) ?? false));

export function positions(series: RunSeries, axis: Axis): Positions {
  const points = axis === 'step' ? series.steps : rising(series.columns[axis] ?? series.steps, axis === 'time');
  const at = (step: number): number => interpolate(series.steps, points, step);
  return {
    points,
    evals: axis === 'step' ? series.eval.steps : series.eval.steps.map(at),
    gpu: overTime(series, axis, points),
    at,
  };
}

/** Gaps take the value before them, and nothing goes back: what is drawn from left to right must rise. */
function rising(values: Float64Array, fromZero: boolean): Float64Array {
  const start = fromZero ? (values.find(Number.isFinite) ?? 0) : 0;
  let last = 0;
  return values.map((value) => {
    const here = value - start;
    if (here > last) last = here;
    return last;
  });
}

function overTime(series: RunSeries, axis: Axis, points: Float64Array): Float64Array {
  const { time } = series.gpu;
  const clock = series.columns['time'];
  if (clock === undefined || clock.length === 0) return new Float64Array(time.length);
  const start = clock.find(Number.isFinite) ?? 0;
  const seconds = rising(clock, true);
  if (axis === 'time') return time.map((t) => t - start);
  return time.map((t) => interpolate(seconds, points, t - start));
}

/** The value of `ys` at `x` between the rising `xs`; outside of them the nearest one. */
function interpolate(xs: Float64Array, ys: Float64Array, x: number): number {
  if (xs.length === 0) return 0;
  const after = Math.min(lowerBound(xs, x), xs.length - 1);
  const before = Math.max(0, after - 1);
  const [x0, x1] = [xs[before] as number, xs[after] as number];
  const [y0, y1] = [ys[before] as number, ys[after] as number];
  if (x1 <= x0 || x >= x1) return y1;
  return x <= x0 ? y0 : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}
