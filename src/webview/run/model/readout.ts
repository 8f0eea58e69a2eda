import { nearest } from '../../../core/runs/decimate.ts';
import { AXIS_LABELS, type Axis } from './axis.ts';
import { figure, gigabytes, number, place } from './format.ts';
import { evalLoss, PLOT_TITLES, type PlotName, type RunLines } from './lines.ts';

const at = (values: Float64Array | undefined, i: number): number | null => values?.[i] ?? null;

/** Index of the last value that is one. */
function lastFinite(values: Float64Array | undefined): number {
  for (let i = (values?.length ?? 0) - 1; i >= 0; i--) if (Number.isFinite(values?.[i])) return i;
  return -1;
}

/** What stands beside a plot's title while no point is looked at. */
export function summary(lines: RunLines, name: PlotName): string {
  const { series } = lines;
  if (name === 'gpu') return gpuText(lines, series.gpu.time.length - 1);
  if (name !== 'loss') {
    const values = series.columns[name];
    return valueText(name, at(values, lastFinite(values)));
  }
  const loss = series.columns['loss'];
  const first = loss?.find(Number.isFinite);
  const last = lastFinite(lines.smoothed);
  const evals = evalLoss(series);
  const e = lastFinite(evals);
  const parts = [];
  if (first !== undefined && last >= 0) parts.push(`${figure(first)} → ${figure(at(lines.smoothed, last))}`);
  if (e >= 0) parts.push(`eval ${figure(at(evals, e))} at step ${number(series.eval.steps[e] ?? 0)}`);
  return parts.join(', ');
}

/** The same at point `i`. */
export function readout(lines: RunLines, name: PlotName, i: number, axis: Axis): string {
  const { series, places } = lines;
  if (name === 'gpu') return gpuText(lines, nearest(places.gpu, places.points[i] ?? 0));
  if (name !== 'loss') return valueText(name, at(series.columns[name], i));
  const e = series.eval.steps.indexOf(series.steps[i] ?? Number.NaN);
  const parts = [
    `step ${number(series.steps[i] ?? 0)}`,
    ...(axis === 'step' ? [] : [`${AXIS_LABELS[axis].toLowerCase()} ${place(places.points[i] ?? 0, axis)}`]),
    `loss ${figure(at(series.columns['loss'], i))}`,
    `smoothed ${figure(at(lines.smoothed, i))}`,
    ...(e < 0 ? [] : [`eval ${figure(at(evalLoss(series), e))}`]),
  ];
  return parts.join(', ');
}

/** A sentence of a point for a screen reader. */
export function speech(lines: RunLines, name: PlotName, i: number, axis: Axis): string {
  const step = number(lines.series.steps[i] ?? 0);
  const what =
    name === 'loss'
      ? readout(lines, name, i, axis).replace(/^step [\d,]+, /, '')
      : `${PLOT_TITLES[name].toLowerCase()} ${readout(lines, name, i, axis)}`;
  return `Step ${step}: ${what}. Press Enter for its rows.`;
}

function valueText(name: PlotName, value: number | null): string {
  if (name === 'mean_token_accuracy' && value !== null && Number.isFinite(value))
    return `${(100 * value).toFixed(1)} %`;
  if (name === 'tokens_per_second' && value !== null && Number.isFinite(value)) return number(value);
  return figure(value);
}

function gpuText({ series: { gpu } }: RunLines, i: number): string {
  if (i < 0) return '–';
  const use = at(gpu.utilization, i);
  const memory = at(gpu.memory, i);
  return [
    ...(use !== null && Number.isFinite(use) ? [`${Math.round(use)} %`] : []),
    ...(memory !== null && Number.isFinite(memory) ? [gigabytes(memory)] : []),
  ].join(', ');
}

/** What stands inside the plot at the point that was chosen. */
export const pointLabel = (lines: RunLines, i: number): string =>
  `step ${number(lines.series.steps[i] ?? 0)}, loss ${figure(at(lines.series.columns['loss'], i))}`;
