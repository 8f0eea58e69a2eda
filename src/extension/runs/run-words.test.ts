import { expect, it } from 'vitest';
import { plainStatus } from '../../core/runs/state.ts';
import { ago, description, groupOf, lossText } from './run-words.ts';

const status = plainStatus('running', 0);
const run = { status, step: 412, maxSteps: 1503, loss: 0.849, imported: false };

it('says how far a run is', () => {
  expect(description(run)).toBe('412 of 1,503 · loss 0.85');
  expect(description({ ...run, step: 0, maxSteps: null, loss: null })).toBe('starting');
});

it('says why a run waits or ended', () => {
  expect(description({ ...run, status: { ...status, state: 'queued', reason: 'Waits for 2 GPUs.' } })).toBe(
    'waits for 2 GPUs',
  );
  expect(
    description({ ...run, step: 12, status: { ...status, state: 'failed', reason: 'GPU out of memory. More.' } }),
  ).toBe('GPU out of memory, step 12');
  expect(description({ ...run, step: 300, loss: null, status: { ...status, state: 'stopped' } })).toBe(
    'stopped, step 300',
  );
});

it('never calls a run that is not seen failed', () => {
  expect(description({ ...run, status: { ...status, state: 'unknown', last: 'running' } }, 180_000)).toBe(
    'last seen 3 min ago',
  );
  expect(groupOf('unknown')).toBe('unknown');
});

it('writes losses with two digits after the point', () => {
  expect([0.849, 0.5, 1, 2.306, 12.34, Number.NaN, null].map(lossText)).toEqual([
    'loss 0.85',
    'loss 0.50',
    'loss 1.00',
    'loss 2.31',
    'loss 12.34',
    'loss NaN',
    null,
  ]);
});

it('says how long ago', () => {
  expect([5_000, 180_000, 7_200_000, 90_000_000].map(ago)).toEqual(['5 s', '3 min', '2 h', '1 day']);
});
