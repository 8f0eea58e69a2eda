import type { RunSeries } from '../../../core/run-protocol.ts';
import { type Pyramid, pyramid } from '../../../core/runs/decimate.ts';
import { type Axis, type Positions, positions } from './axis.ts';
import { smoothed } from './smooth.ts';

/** In the order of the page. */
export const PLOTS = ['loss', 'learning_rate', 'grad_norm', 'mean_token_accuracy', 'tokens_per_second', 'gpu'] as const;
export type PlotName = (typeof PLOTS)[number];
export type SmallPlot = Exclude<PlotName, 'loss'>;

export const PLOT_TITLES: Readonly<Record<PlotName, string>> = {
  loss: 'Loss',
  learning_rate: 'Learning rate',
  grad_norm: 'Gradient norm',
  mean_token_accuracy: 'Token accuracy',
  tokens_per_second: 'Tokens/s',
  gpu: 'GPU use, memory',
};

/** `other0` to `other2`: runs beside this one, told apart by their dots. */
export type LineStyle = 'train' | 'raw' | 'eval' | 'second' | 'other0' | 'other1' | 'other2';

export interface Line {
  readonly style: LineStyle;
  readonly xs: Float64Array;
  readonly line: Pyramid;
}

export interface PlotLines {
  readonly name: PlotName;
  readonly log: boolean;
  /** What is drawn first is below. */
  readonly lines: readonly Line[];
  /** The line whose values that are no number are marked. */
  readonly marked: Line | null;
  /** Fixed ends of the vertical axis. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface OtherRun {
  readonly id: string;
  readonly name: string;
  readonly series: RunSeries;
}

/** How the lines are drawn; a choice of the person. */
export interface DrawChoices {
  readonly axis: Axis;
  /** Weight of the past, 0 (none) to below 1. */
  readonly smoothing: number;
  /** Of the loss. */
  readonly log: boolean;
}

/** Everything that plots show, made anew when points or choices change. */
export interface RunLines {
  readonly series: RunSeries;
  readonly places: Positions;
  readonly smoothed: Float64Array;
  readonly plots: ReadonlyMap<PlotName, PlotLines>;
}

const pyramids = new WeakMap<Float64Array, Pyramid>();
function pyramidOf(values: Float64Array): Pyramid {
  const known = pyramids.get(values);
  if (known !== undefined) return known;
  const made = pyramid(values);
  pyramids.set(values, made);
  return made;
}

/** More would not be told apart by their dots. */
export const MOST_OTHERS = 3;
const otherStyle = (i: number): LineStyle => `other${(i % MOST_OTHERS) as 0 | 1 | 2}`;

/** `memoryTotal`: bytes of all GPUs; null where it is not known. */
export function runLines(
  series: RunSeries,
  others: readonly OtherRun[],
  { axis, smoothing, log }: DrawChoices,
  memoryTotal: number | null,
): RunLines {
  const places = positions(series, axis);
  const loss = series.columns['loss'];
  const smooth = smoothed(loss ?? new Float64Array(0), smoothing);
  const plots = new Map<PlotName, PlotLines>();
  const points = (style: LineStyle, values: Float64Array, xs = places.points): Line => ({
    style,
    xs,
    line: pyramidOf(values),
  });
  const beside = others.map((other) => ({ ...other, places: positions(other.series, axis) }));

  if (loss !== undefined || series.eval.steps.length > 0) {
    const raw = points('raw', loss ?? new Float64Array(0));
    plots.set('loss', {
      name: 'loss',
      log,
      lines: [
        raw,
        ...beside.flatMap(({ series: its, places: at }, i) =>
          hasFigures(its.columns['loss'])
            ? [points(otherStyle(i), smoothed(its.columns['loss'], smoothing), at.points)]
            : [],
        ),
        points('train', smooth),
        points('eval', evalLoss(series), places.evals),
      ],
      marked: raw,
      low: null,
      high: null,
    });
  }
  for (const name of ['learning_rate', 'grad_norm', 'mean_token_accuracy', 'tokens_per_second'] as const) {
    const values = series.columns[name];
    if (!hasFigures(values)) continue;
    const line = points('train', values);
    plots.set(name, {
      name,
      log: name === 'grad_norm',
      lines: [
        ...beside.flatMap(({ series: its, places: at }, i) =>
          hasFigures(its.columns[name]) ? [points(otherStyle(i), its.columns[name], at.points)] : [],
        ),
        line,
      ],
      marked: name === 'grad_norm' ? line : null,
      low: name === 'learning_rate' || name === 'tokens_per_second' ? 0 : null,
      high: null,
    });
  }
  const { memory, utilization } = series.gpu;
  if (memory.length > 0) {
    const total = memoryTotal ?? memory.reduce((most, bytes) => Math.max(most, bytes), 1);
    plots.set('gpu', {
      name: 'gpu',
      log: false,
      lines: [
        points('second', percentOf(memory, total), places.gpu),
        ...(hasFigures(utilization) ? [points('train', utilization, places.gpu)] : []),
      ],
      marked: null,
      low: 0,
      high: 100,
    });
  }
  return { series, places, smoothed: smooth, plots };
}

/** TRL's `eval_loss`; where it is missing, the mean over tokens. */
export const evalLoss = ({ eval: { loss, tokenLoss } }: RunSeries): Float64Array =>
  hasFigures(loss) || !hasFigures(tokenLoss) ? loss : tokenLoss;

const shares = new WeakMap<Float64Array, { readonly total: number; readonly values: Float64Array }>();
function percentOf(memory: Float64Array, total: number): Float64Array {
  const known = shares.get(memory);
  if (known?.total === total) return known.values;
  const values = memory.map((bytes) => (100 * bytes) / total);
  shares.set(memory, { total, values });
  return values;
}

/** The whole of the horizontal axis: of this run and those beside it. */
export function wholeOf(lines: RunLines): { readonly from: number; readonly to: number } {
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  for (const plot of lines.plots.values())
    for (const { xs, style } of plot.lines) {
      if (xs.length === 0 || style === 'second') continue;
      from = Math.min(from, xs[0] as number);
      to = Math.max(to, xs[xs.length - 1] as number);
    }
  if (from > to) return { from: 0, to: 1 };
  // A run that is seen from nearly its begin is drawn from its begin.
  if (from < 0.2 * to) from = 0;
  return to > from ? { from, to } : { from, to: from + 1 };
}

/** Whether a column holds anything to draw. */
const hasFigures = (values: Float64Array | undefined): values is Float64Array => values?.some(Number.isFinite) ?? false;
