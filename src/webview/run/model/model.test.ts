import { describe, expect, it } from 'vitest';
import type { RunHead, RunSeries } from '../../../core/run-protocol.ts';
import { appended, EMPTY_SERIES } from '../../../core/runs/appended.ts';
import { plainStatus } from '../../../core/runs/state.ts';
import { logTicks } from '../plot/frame.ts';
import { axesOf, positions } from './axis.ts';
import { buttonsOf } from './buttons.ts';
import { duration, figure, gigabytes, tick } from './format.ts';
import { evalLoss, runLines, wholeOf } from './lines.ts';
import { readout, speech, summary } from './readout.ts';
import { tableOf } from './table.ts';
import { facts, moreOf } from './words.ts';
import { chosen, panned, revealing, zoomed } from './zoom.ts';

const floats = (...values: number[]): Float64Array => Float64Array.of(...values);

const series = (steps: number[], loss: number[], rest: Partial<RunSeries> = {}): RunSeries => ({
  ...EMPTY_SERIES,
  steps: floats(...steps),
  columns: { loss: floats(...loss) },
  ...rest,
});

describe('points that come', () => {
  it('are put behind those that are there', () => {
    const all = appended(appended(EMPTY_SERIES, null, series([1, 2], [3, 2])), null, series([3], [1]));
    expect([...all.steps]).toEqual([1, 2, 3]);
    expect([...(all.columns['loss'] ?? [])]).toEqual([3, 2, 1]);
  });

  it('replace those of an earlier attempt', () => {
    const first = appended(EMPTY_SERIES, null, series([1, 2, 3, 4], [4, 3, 2, 1], { saves: [2, 4] }));
    const again = appended(first, 3, series([3], [9], { attempts: [3], saves: [2, 3] }));
    expect([...again.steps]).toEqual([1, 2, 3]);
    expect([...(again.columns['loss'] ?? [])]).toEqual([4, 3, 9]);
    expect(again.saves).toEqual([2, 3]);
    expect(again.attempts).toEqual([3]);
  });

  it('leave a gap in a column that begins later or ends earlier', () => {
    const first = series([1, 2], [3, 2]);
    const more: RunSeries = { ...EMPTY_SERIES, steps: floats(3), columns: { grad_norm: floats(0.5) } };
    const all = appended(first, null, more);
    expect([...(all.columns['loss'] ?? [])]).toEqual([3, 2, Number.NaN]);
    expect([...(all.columns['grad_norm'] ?? [])]).toEqual([Number.NaN, Number.NaN, 0.5]);
  });

  it('one at a time are all there', () => {
    let all = EMPTY_SERIES;
    for (let step = 1; step <= 500; step++) all = appended(all, null, series([step], [1 / step]));
    expect(all.steps.length).toBe(500);
    expect(all.steps.every((step, i) => step === i + 1)).toBe(true);
    expect(all.columns['loss']?.[499]).toBe(1 / 500);
  });
});

describe('the axes', () => {
  const run = series([10, 20, 30], [3, 2, 1], {
    columns: { loss: floats(3, 2, 1), tokens: floats(100, Number.NaN, 300), time: floats(1000, 1010, 1030) },
    eval: { steps: floats(15, 30), loss: floats(2, 1), tokenLoss: floats(2, 1) },
    gpu: { time: floats(1005, 1030), memory: floats(1, 2), utilization: floats(50, 60) },
  });

  it('are those with figures', () => {
    expect(axesOf(run)).toEqual(['step', 'tokens', 'time']);
  });

  it('place points, evals and beats', () => {
    expect([...positions(run, 'step').evals]).toEqual([15, 30]);
    expect([...positions(run, 'step').gpu]).toEqual([15, 30]);
    expect([...positions(run, 'time').points]).toEqual([0, 10, 30]);
    expect([...positions(run, 'time').evals]).toEqual([5, 30]);
    expect([...positions(run, 'time').gpu]).toEqual([5, 30]);
    // What is missing is where the one before it is: a line goes from left to right.
    expect([...positions(run, 'tokens').points]).toEqual([100, 100, 300]);
  });

  it('begin at zero where a run is seen from nearly its begin', () => {
    const choices = { axis: 'step', smoothing: 0, log: false } as const;
    expect(wholeOf(runLines(series([1, 400], [2, 1]), [], choices, null))).toEqual({ from: 0, to: 400 });
    expect(wholeOf(runLines(series([300, 400], [2, 1]), [], choices, null))).toEqual({ from: 300, to: 400 });
    expect(wholeOf(runLines(EMPTY_SERIES, [], choices, null))).toEqual({ from: 0, to: 1 });
  });
});

describe('zoom', () => {
  const whole = { from: 0, to: 100 };

  it('keeps the point under the pointer where it is', () => {
    expect(zoomed(whole, null, 0.5, 20)).toEqual({ from: 10, to: 60 });
    expect(zoomed(whole, { from: 10, to: 60 }, 0.5, 20)).toEqual({ from: 15, to: 40 });
  });

  it('stops at the ends and goes back to all', () => {
    expect(zoomed(whole, { from: 80, to: 100 }, 2, 100)).toEqual({ from: 60, to: 100 });
    expect(zoomed(whole, { from: 10, to: 60 }, 4, 20)).toBeNull();
    expect(panned(whole, { from: 10, to: 60 }, 1000)).toEqual({ from: 50, to: 100 });
    expect(panned(whole, null, 10)).toBeNull();
  });

  it('follows the cursor, and takes what was dragged either way', () => {
    expect(revealing(whole, { from: 10, to: 20 }, 15)).toEqual({ from: 10, to: 20 });
    expect(revealing(whole, { from: 10, to: 20 }, 50)).toEqual({ from: 45, to: 55 });
    expect(chosen(whole, 60, 40)).toEqual({ from: 40, to: 60 });
    expect(chosen(whole, -5, 200)).toBeNull();
    expect(chosen(whole, 40, 40)).toBeNull();
  });
});

describe('figures', () => {
  it.each([
    [1.7123, '1.71'],
    [0.000197, '1.97e-4'],
    [0.0512, '0.0512'],
    [45_210.4, '45,210'],
    [12.34, '12.3'],
    [Number.NaN, 'not a number'],
    ['NaN', 'not a number'],
    ['Infinity', 'infinite'],
    [null, '–'],
  ] as const)('%s is written %s', (value, text) => {
    expect(figure(value)).toBe(text);
  });

  it('of an axis have as many digits as tell them apart', () => {
    expect([0.42, 0.425].map((value) => tick(value, 0.025))).toEqual(['0.420', '0.425']);
    expect(tick(2.5e-5, 2.5e-5)).toBe('2.5e-5');
    expect(tick(20_000, 20_000)).toBe('20k');
    expect(tick(1_500_000, 500_000)).toBe('1.5M');
    expect(tick(1, 0.5)).toBe('1.0');
  });

  it('of a logarithmic axis are few and round', () => {
    expect(logTicks(0.5, 9, 3)).toEqual([1, 3]);
    expect(logTicks(0.8, 2.6, 6)).toEqual([0.8, 0.9, 1, 2]);
    expect(logTicks(1e-6, 1e6, 4).length).toBeLessThanOrEqual(4);
  });

  it('of time and memory', () => {
    expect([8, 95, 11_110].map(duration)).toEqual(['8 s', '1:35', '3:05:10']);
    expect(gigabytes(61 * 1024 ** 3)).toBe('61 GB');
  });
});

describe('what a plot says', () => {
  const run = series([386, 387, 388], [0.9, 0.92, 1.71], {
    eval: { steps: floats(387), loss: floats(0.91), tokenLoss: floats(0.9) },
  });
  const lines = runLines(run, [], { axis: 'step', smoothing: 0, log: false }, null);

  it('at a point, for the eye and the ear', () => {
    expect(readout(lines, 'loss', 2, 'step')).toBe('step 388, loss 1.71, smoothed 1.71');
    expect(readout(lines, 'loss', 1, 'step')).toBe('step 387, loss 0.92, smoothed 0.92, eval 0.91');
    expect(speech(lines, 'loss', 2, 'step')).toBe('Step 388: loss 1.71, smoothed 1.71. Press Enter for its rows.');
  });

  it('of all of it', () => {
    expect(summary(lines, 'loss')).toBe('0.90 → 1.71, eval 0.91 at step 387');
  });

  it('as a table, newest first', () => {
    const table = tableOf(lines, 'loss');
    expect(table.columns).toEqual(['Step', 'Loss', 'Smoothed', 'Eval']);
    expect([table.row(0), table.row(1)]).toEqual([
      { step: 388, cells: ['1.71', '1.71', ''] },
      { step: 387, cells: ['0.92', '0.92', '0.91'] },
    ]);
  });

  it('takes the mean over tokens where the trainer has no eval loss', () => {
    const only = { ...run, eval: { steps: floats(387), loss: floats(Number.NaN), tokenLoss: floats(0.9) } };
    expect([...evalLoss(only)]).toEqual([0.9]);
  });
});

const head = (
  state: RunHead['status']['state'],
  rest: Partial<RunHead> = {},
  reason: string | null = null,
): RunHead => ({
  record: {
    name: 'support-lora',
    target: { name: 'gpu-box', ssh: 'gpu-box' },
    spec: { model: 'Qwen/Qwen3-0.6B', method: 'lora', args: {} },
  } as unknown as RunHead['record'],
  status: { ...plainStatus(state, 0), reason },
  step: 412,
  maxSteps: 1503,
  epoch: 0.82,
  epochs: 3,
  worldSize: 1,
  deviceName: 'NVIDIA H200',
  attempt: 1,
  started: null,
  ended: null,
  left: 26 * 60_000,
  lastEvent: 0,
  gpus: [],
  notices: [],
  compared: false,
  checkpoints: [],
  ...rest,
});

describe('the words', () => {
  it('leave the first sentence of a reason to the headline', () => {
    expect(moreOf('GPU out of memory. The longest row has 3,977 tokens.')).toBe('The longest row has 3,977 tokens.');
    expect(moreOf('Slurm 23.11 has no GPU.')).toBe('');
  });

  it('under the headline say what runs where', () => {
    expect(facts(head('running')).slice(0, 4)).toEqual([
      'support-lora',
      'gpu-box, 1 × H200',
      'LoRA on Qwen3-0.6B',
      'epoch 0.82 of 3',
    ]);
  });
});

describe('the buttons', () => {
  const labels = (run: RunHead): readonly string[] => buttonsOf(run).shown.map(({ label }) => label);

  it('are those of the state', () => {
    expect(labels(head('preparing'))).toEqual(['Cancel']);
    expect(labels(head('queued'))).toEqual(['Cancel run']);
    expect(labels(head('running'))).toEqual(['Stop and keep checkpoint']);
    expect(labels(head('unknown'))).toEqual(['Try now']);
    expect(labels(head('stopped'))).toEqual(['Start again']);
    expect(labels(head('stopped', { checkpoints: ['out/checkpoint-400'] }))).toEqual(['Resume', 'Start again']);
    expect(labels(head('failed'))).toEqual(['Start again', 'Open log']);
  });

  it('say that an out of memory halves the batch', () => {
    const failed = head('failed');
    const error = { type: 'torch.OutOfMemoryError', message: '', rank: 0 };
    expect(labels({ ...failed, status: { ...failed.status, error } })[0]).toBe('Start again with batch 4');
  });
});
