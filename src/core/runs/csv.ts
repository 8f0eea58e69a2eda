import type { RunSeries } from '../run-protocol.ts';

/** Columns that are there in every run come first. */
const FIRST = [
  'time',
  'epoch',
  'tokens',
  'loss',
  'learning_rate',
  'grad_norm',
  'mean_token_accuracy',
  'tokens_per_second',
];

/** RFC 4180; a name that a spreadsheet would run as a formula is kept from that. */
const field = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/**
 * All columns, a line for each step at which something was logged or evaluated. A gap is empty; a loss that is not finite
 * is `NaN`, `Infinity` or `-Infinity`. In columns other than
 * `loss` and `grad_norm` NaN is a gap.
 */
export function toCsv(series: RunSeries): string {
  const names = Object.keys(series.columns);
  const order = [
    ...FIRST.filter((name) => names.includes(name)),
    ...names.filter((name) => !FIRST.includes(name)).sort(),
  ];
  const columns = order.map((name) => series.columns[name] as Float64Array);
  const header = ['step', ...order.map(field), 'eval_loss', 'eval_token_loss', 'checkpoint', 'attempt'];
  const saves = new Set(series.saves);
  const lines = [header.join(',')];
  const { eval: evals } = series;
  let log = 0;
  let evaluation = 0;
  let attempt = 1;
  while (log < series.steps.length || evaluation < evals.steps.length) {
    const step = Math.min(
      series.steps[log] ?? Number.POSITIVE_INFINITY,
      evals.steps[evaluation] ?? Number.POSITIVE_INFINITY,
    );
    if (Number.isNaN(step)) break;
    while (attempt <= series.attempts.length && step > (series.attempts[attempt - 1] ?? 0)) attempt++;
    const cells: string[] = [String(step)];
    const logged = series.steps[log] === step;
    for (let i = 0; i < columns.length; i++) cells.push(logged ? cell(order[i] ?? '', columns[i]?.[log]) : '');
    const evaluated = evals.steps[evaluation] === step;
    cells.push(
      gap(evaluated ? evals.loss[evaluation] : undefined),
      gap(evaluated ? evals.tokenLoss[evaluation] : undefined),
    );
    cells.push(saves.has(step) ? '1' : '', String(attempt));
    lines.push(cells.join(','));
    if (logged) log++;
    if (evaluated) evaluation++;
  }
  return `${lines.join('\n')}\n`;
}

const gap = (value: number | undefined): string => (value === undefined || Number.isNaN(value) ? '' : String(value));
/** A NaN is a finding where it can be one. */
const cell = (name: string, value: number | undefined): string =>
  name === 'loss' || name === 'grad_norm' ? (value === undefined ? '' : String(value)) : gap(value);
