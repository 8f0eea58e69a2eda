import { describe, expect, it } from 'vitest';
import type { RunHead } from '../run-protocol.ts';
import type { TrainBegin } from './events.ts';
import { millisecondsLeft, spokenSummary, stateSentence } from './progress.ts';
import type { RunState } from './state.ts';

const points = (times: readonly number[], first = 1) => ({
  steps: Float64Array.from(times, (_, i) => first + i),
  columns: { time: Float64Array.from(times) },
});
const begin = { max_steps: 100 } as TrainBegin;

describe('millisecondsLeft', () => {
  it('goes by the pace of the current attempt', () => {
    const even = points(Array.from({ length: 50 }, (_, i) => 1000 + i * 2));
    expect(millisecondsLeft(even, { from: 0, step: 50, begin }, 1_098_000)).toBeCloseTo(100_000, 3);
    expect(millisecondsLeft(even, { from: 0, step: 50, begin }, 1_099_000)).toBeCloseTo(99_000, 3);
    // However long nothing comes, no more than a step of it is over.
    expect(millisecondsLeft(even, { from: 0, step: 50, begin }, 9_000_000)).toBeCloseTo(98_000, 3);
    const resumed = points([
      ...Array.from({ length: 40 }, (_, i) => 1000 + i),
      ...Array.from({ length: 10 }, (_, i) => 500_000 + i * 3),
    ]);
    expect(millisecondsLeft(resumed, { from: 40, step: 50, begin }, 500_027_000)).toBeCloseTo(150_000, 3);
  });

  it('follows a change of pace', () => {
    const faster = points([
      ...Array.from({ length: 40 }, (_, i) => 1000 + i * 10),
      ...Array.from({ length: 40 }, (_, i) => 1391 + i),
    ]);
    const left = millisecondsLeft(faster, { from: 0, step: 80, begin }, 0) ?? 0;
    expect(left).toBeGreaterThan(20_000);
    expect(left).toBeLessThan(60_000);
  });

  it('says nothing where nothing is known', () => {
    expect(millisecondsLeft(points([1000]), { from: 0, step: 1, begin }, 0)).toBeNull();
    expect(millisecondsLeft(points([1000, 1002]), { from: 0, step: 2, begin: null }, 0)).toBeNull();
    expect(millisecondsLeft(points([Number.NaN, Number.NaN]), { from: 0, step: 2, begin }, 0)).toBeNull();
    expect(millisecondsLeft(points([1000, 1002], 99), { from: 0, step: 100, begin }, 0)).toBe(0);
  });
});

const head = (state: RunState, more: object = {}, reason: string | null = null): RunHead =>
  ({
    status: { state, seen: 0, reason },
    record: { target: { name: 'gpu-box' } },
    step: 412,
    maxSteps: 1503,
    left: 26 * 60_000,
    started: 0,
    ended: 3_600_000,
    ...more,
  }) as unknown as RunHead;

describe('stateSentence', () => {
  it.each([
    [head('preparing'), 'Preparing gpu-box'],
    [
      head('queued', {}, 'Slurm has no free nodes or GPUs. It starts at 16:20.'),
      'Waiting: Slurm has no free nodes or GPUs',
    ],
    [head('queued'), 'Waiting in the queue'],
    [head('running'), 'Running: step 412 of 1,503, 26 minutes left'],
    [head('running', { left: null, maxSteps: null }), 'Running: step 412'],
    [head('running', { step: 0 }), 'Running: before the first step'],
    [head('stopping'), 'Stopping after step 412 of 1,503'],
    [head('succeeded'), 'Ended: step 412 of 1,503, in 1 hour'],
    [head('stopped'), 'Stopped at step 412 of 1,503'],
    [
      head('failed', { step: 12 }, 'GPU out of memory. The longest row of the batch has 3,977 tokens.'),
      'Ended at step 12: GPU out of memory',
    ],
    [head('failed'), 'Ended at step 412 with an error'],
    [head('lost'), 'Ended without a word, last at step 412'],
    [head('unknown'), 'Not seen for 3 minutes, last at step 412'],
  ])('%#: %s', (given, sentence) => expect(stateSentence(given, 180_000)).toBe(sentence));

  it('is spoken in short', () => {
    expect(spokenSummary(head('running'), 0.849, 0)).toBe('Step 412, loss 0.85, 26 minutes left.');
    expect(spokenSummary(head('running', { left: null }), Number.NaN, 0)).toBe('Step 412, loss is not a number.');
    expect(spokenSummary(head('unknown'), 1, 180_000)).toBe('Not seen for 3 minutes, last at step 412.');
  });
});
