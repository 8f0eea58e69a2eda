import { duration, figure, gigabytes, number } from './format.ts';
import { evalLoss, PLOT_TITLES, type PlotName, type RunLines } from './lines.ts';

export interface TableRow {
  /** Null where a row is no step. */
  readonly step: number | null;
  readonly cells: readonly string[];
}

export interface ValueRows {
  readonly columns: readonly string[];
  readonly rows: number;
  /** `i` counts from the newest. */
  row(i: number): TableRow;
}

const cell = (value: number | undefined): string => (value === undefined ? '' : figure(value));

/** A plot as a table. */
export function tableOf({ series, smoothed, places }: RunLines, name: PlotName): ValueRows {
  const { steps } = series;
  if (name === 'gpu') {
    const { time, memory, utilization } = series.gpu;
    const begin = series.columns['time']?.find(Number.isFinite) ?? time[0] ?? 0;
    return {
      columns: ['Time', 'Use', 'Memory'],
      rows: time.length,
      row(i) {
        const at = time.length - 1 - i;
        const use = utilization[at] ?? Number.NaN;
        return {
          step: null,
          cells: [
            duration(Math.max(0, (time[at] ?? 0) - begin)),
            Number.isFinite(use) ? `${Math.round(use)} %` : '–',
            gigabytes(memory[at] ?? 0),
          ],
        };
      },
    };
  }
  if (name === 'loss') {
    const loss = series.columns['loss'];
    const evals = new Map([...series.eval.steps].map((step, i) => [step, evalLoss(series)[i]]));
    const tokens = series.columns['tokens'];
    return {
      columns: ['Step', 'Loss', 'Smoothed', 'Eval', ...(tokens === undefined ? [] : ['Tokens'])],
      rows: steps.length,
      row(i) {
        const at = steps.length - 1 - i;
        const step = steps[at] ?? 0;
        return {
          step,
          cells: [
            cell(loss?.[at]),
            cell(smoothed[at]),
            evals.has(step) ? cell(evals.get(step)) : '',
            ...(tokens === undefined ? [] : [number(tokens[at] ?? 0)]),
          ],
        };
      },
    };
  }
  const values = series.columns[name];
  return {
    columns: ['Step', PLOT_TITLES[name]],
    rows: Math.min(steps.length, places.points.length),
    row(i) {
      const at = steps.length - 1 - i;
      const value = values?.[at];
      const text =
        name === 'mean_token_accuracy' && value !== undefined && Number.isFinite(value)
          ? `${(100 * value).toFixed(1)} %`
          : cell(value);
      return { step: steps[at] ?? 0, cells: [text] };
    },
  };
}
