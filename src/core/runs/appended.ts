import type { RunSeries } from '../run-protocol.ts';

const NONE = new Float64Array(0);

export const EMPTY_SERIES: RunSeries = {
  steps: NONE,
  columns: {},
  eval: { steps: NONE, loss: NONE, tokenLoss: NONE },
  gpu: { time: NONE, memory: NONE, utilization: NONE },
  saves: [],
  attempts: [],
};

/**
 * What was there with what has come (an `append` message). Where `from` is a step, points at or after it go first: another
 * attempt does them again. Saves and attempts of a message are all there are; a column that only one side has is filled
 * with gaps. `old` must not be used again.
 */
export function appended(old: RunSeries, from: number | null, more: RunSeries): RunSeries {
  const kept = from === null ? old.steps.length : firstAt(old.steps, from);
  const evals = from === null ? old.eval.steps.length : firstAt(old.eval.steps, from);
  const names = new Set([...Object.keys(old.columns), ...Object.keys(more.columns)]);
  const count = more.steps.length;
  return {
    steps: joined(old.steps, kept, more.steps, count),
    columns: Object.fromEntries(
      [...names].map((name) => [name, joined(old.columns[name] ?? NONE, kept, more.columns[name] ?? NONE, count)]),
    ),
    eval: {
      steps: joined(old.eval.steps, evals, more.eval.steps),
      loss: joined(old.eval.loss, evals, more.eval.loss),
      tokenLoss: joined(old.eval.tokenLoss, evals, more.eval.tokenLoss),
    },
    // Beats are in the order of time: what an earlier attempt used stays.
    gpu: {
      time: joined(old.gpu.time, old.gpu.time.length, more.gpu.time),
      memory: joined(old.gpu.memory, old.gpu.memory.length, more.gpu.memory),
      utilization: joined(old.gpu.utilization, old.gpu.utilization.length, more.gpu.utilization),
    },
    saves: more.saves,
    attempts: more.attempts,
  };
}

function firstAt(steps: Float64Array, step: number): number {
  const at = steps.findIndex((one) => one >= step);
  return at < 0 ? steps.length : at;
}

/**
 * The first `kept` values of `old`, then `count` of `more`; what either lacks is a gap. Buffers have room to spare, so
 * that most of the time nothing is copied but what is new: `old` must not be used again.
 */
function joined(old: Float64Array, kept: number, more: Float64Array, count = more.length): Float64Array {
  const length = kept + count;
  const fits = old.byteOffset === 0 && old.buffer.byteLength >= 8 * length && old.buffer.byteLength > 0;
  const room = fits ? old.buffer : new ArrayBuffer(8 * Math.ceil(1.5 * length + 64));
  const all = new Float64Array(room, 0, length);
  if (!fits) all.set(old.subarray(0, kept));
  if (old.length < kept) all.fill(Number.NaN, old.length, kept);
  all.set(more, kept);
  if (more.length < count) all.fill(Number.NaN, kept + more.length, length);
  return all;
}
