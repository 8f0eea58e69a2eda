import { evalLoss, type RunLines } from './lines.ts';

/** All values of a run, one line for each step; what was not logged is empty. Line breaks are those of RFC 4180. */
export function toCsv({ series, smoothed }: RunLines): string {
  const evals = new Map([...series.eval.steps].map((step, i) => [step, i]));
  const names = Object.keys(series.columns);
  const steps = [...new Set([...series.steps, ...series.eval.steps])].sort((a, b) => a - b);
  const at = new Map([...series.steps].map((step, i) => [step, i]));
  const loss = evalLoss(series);
  const lines = [['step', ...names, 'loss_smoothed', 'eval_loss', 'eval_token_loss'].join(',')];
  for (const step of steps) {
    const i = at.get(step);
    const e = evals.get(step);
    const cells = [
      String(step),
      ...names.map((name) => cell(i, series.columns[name])),
      cell(i, smoothed),
      cell(e, loss),
      cell(e, series.eval.tokenLoss),
    ];
    lines.push(cells.join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}

const cell = (i: number | undefined, values: Float64Array | undefined): string => {
  const value = i === undefined ? undefined : values?.[i];
  return value === undefined ? '' : String(value);
};
