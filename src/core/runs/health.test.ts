import { describe, expect, it } from 'vitest';
import type { HealthNotice, RunSeries } from '../run-protocol.ts';
import type { TrainBegin } from './events.ts';
import { type HealthContext, healthMonitor } from './health.ts';

const numbers = (values: readonly number[]): Float64Array => Float64Array.from(values);
function series(columns: Record<string, readonly number[]>, more: Partial<RunSeries> = {}): RunSeries {
  const length = columns['loss']?.length ?? 0;
  return {
    steps: numbers(Array.from({ length }, (_, i) => i + 1)),
    columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, numbers(values)])),
    eval: { steps: numbers([]), loss: numbers([]), tokenLoss: numbers([]) },
    gpu: { time: numbers([]), memory: numbers([]), utilization: numbers([]) },
    saves: [],
    attempts: [],
    ...more,
  };
}
const begin = { max_steps: 1000, world_size: 1, world_size_asked: null } as unknown as TrainBegin;
const context = (given: RunSeries, more: Partial<HealthContext> = {}): HealthContext => ({
  series: given,
  begin,
  worldSizeAsked: null,
  running: true,
  step: given.steps.length,
  now: 0,
  stepTime: 0,
  lastEvent: 0,
  hasRows: () => true,
  trains: null,
  ...more,
});
const notices = (given: RunSeries, more: Partial<HealthContext> = {}): readonly HealthNotice[] =>
  healthMonitor().update(context(given, more), null);
const codes = (given: RunSeries, more: Partial<HealthContext> = {}): string[] =>
  notices(given, more).map(({ code }) => code);

let seed = 7;
const noise = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5;
/** A usual run: from 2.3 down to about 0.9, with noise. */
const usual = (length: number): number[] =>
  Array.from({ length }, (_, i) => 0.9 + 1.4 * Math.exp(-i / 80) + 0.15 * noise());

describe('healthMonitor', () => {
  it('has nothing to say of a usual run', () => {
    for (let i = 0; i < 20; i++) {
      const loss = usual(300);
      expect(
        codes(
          series({
            loss,
            grad_norm: loss,
            learning_rate: loss.map(() => 1e-4),
            tokens_per_second: loss.map(() => 900 + 200 * noise()),
          }),
        ),
      ).toEqual([]);
    }
    expect(codes(series({}))).toEqual([]);
  });

  it('sees a jump, from what to what, and leads to its rows', () => {
    const loss = Array.from({ length: 395 }, () => 0.92);
    loss[387] = 1.71;
    expect(notices(series({ loss }))).toEqual([
      {
        code: 'run/spike',
        severity: 'warning',
        step: 388,
        rows: true,
        message:
          'Loss jumped at step 388, from 0.92 to 1.71. Look at the rows of that step: mask or remove what does not belong there.',
      },
    ]);
    expect(notices(series({ loss }), { hasRows: () => false })[0]?.rows).toBe(false);
  });

  it('bears the noise of small batches', () => {
    const bell = (): number => Math.sqrt(-2 * Math.log(noise() + 0.5)) * Math.cos(2 * Math.PI * noise());
    const loss = Array.from({ length: 300 }, (_, i) => Math.exp(0.5 * bell()) * (1 + Math.exp(-i / 80)));
    let jumps = 0;
    for (let i = 0; i < 30; i++)
      jumps += codes(series({ loss: loss.map((value) => value * Math.exp(0.3 * bell())) })).filter(
        (code) => code === 'run/spike',
      ).length;
    expect(jumps).toBeLessThan(9);
  });

  it('keeps no more than three jumps, the last first', () => {
    const loss = Array.from({ length: 390 }, (_, i) => (i % 50 === 49 ? 3 : 1));
    expect(notices(series({ loss })).map(({ step }) => step)).toEqual([350, 300, 250]);
  });

  it.each([
    [Number.NaN, Number.NaN, 'Loss is not a number at step 31'],
    [Number.POSITIVE_INFINITY, 1, 'Loss is infinite at step 31'],
    [0, Number.NaN, 'The gradient is not a number at step 31, and the loss of 0 hides it'],
    [2, Number.POSITIVE_INFINITY, 'The gradient norm is infinite at step 31'],
  ])('sees loss %s with gradient norm %s', (loss, gradNorm, sentence) => {
    const good = Array.from({ length: 30 }, () => 2);
    const [notice] = notices(series({ loss: [...good, loss, loss], grad_norm: [...good, gradNorm, gradNorm] }));
    expect(notice).toMatchObject({ code: 'run/nan', severity: 'error', step: 31, rows: true });
    expect(notice?.message).toContain(sentence);
  });

  it('sees that nothing is trained', () => {
    expect(notices(series({ loss: [0, 0, 0], mean_token_accuracy: [0, 0, 0] }))[0]?.message).toBe(
      'Nothing is trained: loss is 0 from the first step, since no token of the rows carries loss. Look at the mask in the inspector, and stop the run.',
    );
    expect(notices(series({ loss: [Number.NaN, Number.NaN] }))[0]?.message).toMatch(
      /^Loss is not a number from the first step\. .*bf16/,
    );
    expect(notices(series({ loss: [Number.NaN, Number.NaN] }), { trains: false })[0]?.message).toMatch(
      /no token of the rows/,
    );
    expect(codes(series({ loss: [0] }))).toEqual([]);
  });

  it('sees that it diverges, and that it came back', () => {
    const loss = [
      ...Array.from({ length: 100 }, () => 1),
      ...Array.from({ length: 100 }, (_, i) => Math.min(4, 1 + i * 0.05)),
    ];
    const found = notices(series({ loss }));
    expect(found[0]).toMatchObject({ code: 'run/diverged', severity: 'error' });
    expect(found[0]?.message).toMatch(/^Loss rises: it was 1\.00 at step \d+ and is \d\.\d\d now\./);
    const back = [...loss, ...Array.from({ length: 200 }, () => 1)];
    expect(codes(series({ loss: back }))).not.toContain('run/diverged');
  });

  it('sees a plateau, but not at the end of the schedule', () => {
    const loss = [...usual(300), ...Array.from({ length: 400 }, () => 0.9 + 0.02 * noise())];
    expect(codes(series({ loss }))).toContain('run/plateau');
    expect(codes(series({ loss }), { begin: { ...begin, max_steps: 720 } })).not.toContain('run/plateau');
    expect(codes(series({ loss: Array.from({ length: 900 }, (_, i) => 3 - i / 400) }))).toEqual([]);
  });

  it('sees overfitting and names the best step', () => {
    const loss = Array.from({ length: 600 }, (_, i) => 2 - i / 400);
    const evals = {
      steps: numbers([100, 200, 300, 400]),
      loss: numbers([1, 1, 1, 1]),
      tokenLoss: numbers([1.1, 0.91, 0.95, 0.99]),
    };
    expect(notices(series({ loss }, { eval: evals, saves: [200] }))).toMatchObject([
      {
        code: 'run/overfitting',
        step: 200,
        message:
          'Eval loss was best at step 200 with 0.91 and has risen to 0.99 while the training loss fell: the model learns the rows by heart. Use the checkpoint of step 200.',
      },
    ]);
    expect(codes(series({ loss }, { eval: { ...evals, tokenLoss: numbers([1.1, 0.91, 0.95, 0.94]) } }))).toEqual([]);
    const nothing = numbers([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    expect(
      codes(series({ loss }, { eval: { steps: evals.steps, loss: numbers([1, 0.9, 1, 1.1]), tokenLoss: nothing } })),
    ).toEqual(['run/overfitting']);
  });

  it('sees a dead learning rate', () => {
    const loss = Array.from({ length: 50 }, () => 2);
    const rate = loss.map((_, i) => (i < 30 ? 1e-4 : 0));
    expect(notices(series({ loss, learning_rate: rate }))[0]?.message).toMatch(/^The learning rate is 0 since step 31/);
    expect(notices(series({ loss, learning_rate: loss.map(() => 0) }))[0]?.message).toMatch(/0 from the begin/);
    // The last steps of a schedule, and the first of a warm-up.
    expect(codes(series({ loss, learning_rate: rate }), { begin: { ...begin, max_steps: 32 } })).toEqual([]);
    expect(codes(series({ loss, learning_rate: loss.map((_, i) => i / 50) }))).toEqual([]);
  });

  it('sees that the world is not as big as was asked', () => {
    const given = series({ loss: [2] });
    expect(notices(given, { worldSizeAsked: 16 })).toMatchObject([
      {
        code: 'run/world-size',
        step: null,
        message:
          '16 processes were asked for and 1 runs: a step has fewer rows than meant. Stop, and set `gpus` and `nodes` to what the target gives.',
      },
    ]);
    expect(codes(given, { worldSizeAsked: 1 })).toEqual([]);
    expect(codes(given, { begin: { ...begin, world_size_asked: 2 } })).toEqual(['run/world-size']);
  });

  it('tells a trainer that hangs from one that is not seen', () => {
    const given = series({ loss: [2, 2, 2], time: [100, 102, 104] });
    expect(codes(given, { now: 200, stepTime: 104, lastEvent: 195 })).toEqual([]);
    expect(notices(given, { now: 344, stepTime: 104, lastEvent: 340 })[0]?.message).toMatch(
      /^No step for 4 minutes, last 3, though/,
    );
    expect(codes(given, { now: 344, stepTime: 104, lastEvent: 104 })).toEqual([]);
    expect(codes(given, { now: 344, stepTime: 104, lastEvent: 340, running: false })).toEqual([]);
    const slow = series({ loss: [2, 2], time: [100, 200] });
    expect(codes(slow, { now: 500, stepTime: 200, lastEvent: 499 })).toEqual([]);
  });

  it('sees that it became slow', () => {
    const loss = Array.from({ length: 200 }, () => 2);
    expect(
      notices(series({ loss, tokens_per_second: loss.map((_, i) => (i < 150 ? 5200 : 2100)) }))[0]?.message,
    ).toMatch(/^Tokens per second fell from 5,200 to 2,100\./);
  });

  it('forgets what a later attempt did again', () => {
    const monitor = healthMonitor();
    const loss = Array.from({ length: 60 }, () => 1);
    loss[50] = 5;
    expect(monitor.update(context(series({ loss })), null)).toHaveLength(1);
    loss[50] = 1;
    expect(monitor.update(context(series({ loss })), 45)).toEqual([]);
  });

  // A million points take about a second on a machine with nothing else to do.
  it('looks at each point once', () => {
    const time = (length: number): readonly [number, number] => {
      const loss = Array.from({ length }, (_, i) => 1 + Math.exp(-i / 1e5) + 0.1 * noise());
      const given = series({ loss, grad_norm: loss, learning_rate: loss.map(() => 1e-4), tokens_per_second: loss });
      let all = Number.POSITIVE_INFINITY;
      let again = Number.POSITIVE_INFINITY;
      for (let i = 0; i < 3; i++) {
        const monitor = healthMonitor();
        const start = performance.now();
        monitor.update(context(given), null);
        const middle = performance.now();
        monitor.update(context(given), null);
        all = Math.min(all, middle - start);
        again = Math.min(again, performance.now() - middle);
      }
      return [all, again];
    };
    const [few] = time(50_000);
    const [many, again] = time(400_000);
    console.info(`400,000 points: ${Math.round(many)} ms, again: ${again.toFixed(2)} ms`);
    expect(many / few).toBeLessThan(24);
    expect(again).toBeLessThan(many / 10);
  }, 60_000);
});
