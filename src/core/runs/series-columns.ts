import type { RunSeries } from '../run-protocol.ts';
import { firstNotBelow, type Growing, growingDoubles } from './growing.ts';

/** More columns than a trainer logs: what comes after them is left out. */
const MAX_COLUMNS = 300;

/** The columns of a `RunSeries` that grows: adding costs what is added. All `at` are indices of points. */
export interface SeriesColumns {
  readonly steps: Growing<Float64Array>;
  readonly columns: ReadonlyMap<string, Growing<Float64Array>>;
  readonly eval: {
    readonly steps: Growing<Float64Array>;
    readonly loss: Growing<Float64Array>;
    readonly tokenLoss: Growing<Float64Array>;
  };
  readonly gpu: {
    readonly time: Growing<Float64Array>;
    readonly memory: Growing<Float64Array>;
    readonly utilization: Growing<Float64Array>;
  };
  saves: readonly number[];
  attempts: readonly number[];
  /** A new last point, a gap in every column. */
  addStep(step: number): void;
  set(at: number, column: string, value: number): void;
  addEval(step: number): void;
  /** Drops the points at or after that step. */
  cutSteps(from: number): void;
  cutEval(from: number): void;
}

export function seriesColumns(): SeriesColumns {
  const steps = growingDoubles();
  const columns = new Map<string, Growing<Float64Array>>();
  const evals = { steps: growingDoubles(), loss: growingDoubles(), tokenLoss: growingDoubles() };
  const gpu = { time: growingDoubles(), memory: growingDoubles(), utilization: growingDoubles() };
  const column = (name: string): Growing<Float64Array> | null => {
    let found = columns.get(name);
    if (found === undefined) {
      if (columns.size === MAX_COLUMNS) return null;
      found = growingDoubles();
      found.append(new Float64Array(steps.length).fill(Number.NaN));
      columns.set(name, found);
    }
    return found;
  };
  return {
    steps,
    columns,
    eval: evals,
    gpu,
    saves: [],
    attempts: [],
    addStep(step) {
      steps.push(step);
      for (const values of columns.values()) values.push(Number.NaN);
    },
    set: (at, name, value) => column(name)?.set(at, value),
    addEval(step) {
      evals.steps.push(step);
      evals.loss.push(Number.NaN);
      evals.tokenLoss.push(Number.NaN);
    },
    cutSteps(from) {
      const length = firstNotBelow(steps, from);
      steps.cut(length);
      for (const values of columns.values()) values.cut(length);
    },
    cutEval(from) {
      const length = firstNotBelow(evals.steps, from);
      for (const values of Object.values(evals)) values.cut(length);
    },
  };
}

interface Begin {
  readonly step: number;
  readonly eval: number;
  readonly gpu: number;
}

/** The points from those indices on. Views hold until the columns change; copies are for sending. */
export function seriesOf(
  columns: SeriesColumns,
  how: 'view' | 'copy',
  from: Begin = { step: 0, eval: 0, gpu: 0 },
): RunSeries {
  const take = (values: Growing<Float64Array>, at: number): Float64Array =>
    how === 'view' ? values.view(at) : values.slice(at);
  return {
    steps: take(columns.steps, from.step),
    columns: Object.fromEntries([...columns.columns].map(([name, values]) => [name, take(values, from.step)])),
    eval: {
      steps: take(columns.eval.steps, from.eval),
      loss: take(columns.eval.loss, from.eval),
      tokenLoss: take(columns.eval.tokenLoss, from.eval),
    },
    gpu: {
      time: take(columns.gpu.time, from.gpu),
      memory: take(columns.gpu.memory, from.gpu),
      utilization: take(columns.gpu.utilization, from.gpu),
    },
    saves: columns.saves,
    attempts: columns.attempts,
  };
}
