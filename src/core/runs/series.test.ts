import { describe, expect, it } from 'vitest';
import type { RunSeries } from '../run-protocol.ts';
import { appended, EMPTY_SERIES } from './appended.ts';
import type { RunEvent } from './events.ts';
import { createEventReader } from './read-events.ts';
import { type RunReducer, runReducer } from './series.ts';

let seq = 0;
const event = (name: string, step: number, more: object = {}): RunEvent =>
  ({ v: 1, seq: ++seq, t: 1000 + seq, attempt: 1, event: name, step, ...more }) as unknown as RunEvent;
const begin = (step = 0, attempt = 1): RunEvent =>
  event('train_begin', step, { attempt, max_steps: 20, world_size: 1, epochs: 1 });
const log = (step: number, loss: number | string, more: object = {}): RunEvent => event('log', step, { loss, ...more });
const batch = (step: number, rows: number[], more: object = {}): RunEvent =>
  event('batch', step, {
    lines: rows.map((row) => row + 1),
    rows,
    micro: rows.map((_, i) => [0, i, 0]),
    tokens: 9,
    ...more,
  });

const plain = ({ steps, columns, eval: evals, gpu, ...rest }: RunSeries): object => ({
  steps: [...steps],
  columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, [...values]])),
  eval: [[...evals.steps], [...evals.loss], [...evals.tokenLoss]],
  gpu: [[...gpu.time], [...gpu.memory], [...gpu.utilization]],
  ...rest,
});
const of = (events: RunEvent[]): RunReducer => {
  const reducer = runReducer();
  reducer.add(events);
  return reducer;
};

describe('runReducer', () => {
  it('makes columns of logs, gaps as NaN', () => {
    const { columns, steps } = of([
      begin(),
      log(1, 3, { learning_rate: 0 }),
      log(2, 'NaN'),
      log(3, 2, { tokens: 7 }),
    ]).view();
    expect([...steps]).toEqual([1, 2, 3]);
    expect([...(columns['loss'] ?? [])]).toEqual([3, Number.NaN, 2]);
    expect([...(columns['learning_rate'] ?? [])]).toEqual([0, Number.NaN, Number.NaN]);
    expect([...(columns['tokens'] ?? [])]).toEqual([Number.NaN, Number.NaN, 7]);
    expect(columns['time']).toHaveLength(3);
    expect(Object.keys(columns).sort()).toEqual(['learning_rate', 'loss', 'time', 'tokens']);
  });

  it('takes evaluations and the last summary for what they are', () => {
    const { view, facts } = of([
      log(2, 3),
      event('log', 2, { eval_loss: 2.5, eval_runtime: 1, epoch: 0.5 }),
      event('eval', 2, { file: 'eval/step-2.jsonl', token_loss: 2.4, rows: 1, tokens: 1, worst: [] }),
      event('log', 2, { train_loss: 3, train_runtime: 9, epoch: 1 }),
    ]);
    expect(plain(view())).toMatchObject({ steps: [2], eval: [[2], [2.5], [2.4]] });
    expect(facts).toMatchObject({
      summary: { train_loss: 3, train_runtime: 9 },
      epoch: 1,
      evals: [{ token_loss: 2.4 }],
    });
  });

  it('has each step once: a later attempt replaces what it did again', () => {
    const reducer = of([
      begin(),
      ...[1, 2, 3, 4, 5].flatMap((step) => [batch(step, [step, step + 10]), log(step, step)]),
      event('log', 4, { eval_loss: 1 }),
      begin(2, 2),
    ]);
    // What was measured stays until it is done again.
    expect([...reducer.view().steps]).toEqual([1, 2, 3, 4, 5]);
    reducer.add([batch(3, [7]), log(3, 30)]);
    expect([...reducer.view().steps]).toEqual([1, 2, 3]);
    reducer.add([log(4, 40), event('log', 4, { eval_loss: 10 }), log(5, 50)]);
    expect(plain(reducer.view())).toMatchObject({
      steps: [1, 2, 3, 4, 5],
      columns: { loss: [1, 2, 30, 40, 50] },
      eval: [[4], [10], [Number.NaN]],
      attempts: [2],
    });
    expect(reducer.batches.at(3)?.rows.map(({ line }) => line)).toEqual([8]);
    expect(reducer.batches.at(4)).toBeNull();
    expect(reducer.batches.at(2)?.rows.map(({ row }) => row)).toEqual([2, 12]);
    expect(reducer.facts).toMatchObject({ attempt: 2, from: 2, step: 5 });
  });

  it('keeps the attempts that the curve is made of', () => {
    const reducer = of([begin(), log(1, 1), begin(10, 2), begin(10, 3), begin(5, 4)]);
    expect(reducer.view().attempts).toEqual([5]);
  });

  it('lets no step that is out of order in', () => {
    expect([...of([log(5, 1), log(3, 2), log(6, 3)]).view().steps]).toEqual([5, 6]);
  });

  it('sums GPU figures', () => {
    const gpu = (index: number, utilization?: number): object => ({
      index,
      memory_used: 5,
      ...(utilization ? { utilization } : {}),
    });
    const { gpu: figures } = of([
      event('heartbeat', 1, { gpus: [gpu(0, 50), gpu(1, 70)] }),
      event('heartbeat', 1, { gpus: [gpu(0)] }),
    ]).view();
    expect([...figures.memory]).toEqual([10, 5]);
    expect([...figures.utilization]).toEqual([60, Number.NaN]);
  });

  it('sends what is new, and what a receiver makes of it is the whole', () => {
    const reducer = runReducer();
    const cursor = reducer.cursor();
    let received = EMPTY_SERIES;
    const messages: (number | null)[] = [];
    const receive = (): void => {
      const taken = cursor.take();
      if (taken === null) return;
      messages.push(taken.from);
      received = taken.whole ? taken.series : appended(received, taken.from, taken.series);
      expect(plain(received)).toEqual(plain(reducer.view()));
    };
    receive();
    expect(cursor.take()).toBeNull();
    let random = 1;
    const next = (below: number): number => (random = (random * 48271) % 2147483647) % below;
    let step = 0;
    let attempt = 1;
    reducer.add([begin()]);
    for (let i = 0; i < 2000; i++) {
      const kind = next(20);
      if (kind === 0) {
        step = Math.max(0, step - next(12));
        reducer.add([begin(step, ++attempt)]);
      } else if (kind < 4) reducer.add([event('log', step, { eval_loss: next(9) })]);
      else if (kind === 4) reducer.add([event('eval', step, { file: 'f', token_loss: next(9) })]);
      else if (kind === 5) reducer.add([event('heartbeat', step, { gpus: [{ memory_used: next(9) }] })]);
      else if (kind === 6) reducer.add([event('save', step, { path: `out/checkpoint-${step}` })]);
      else reducer.add([log(++step, next(9), next(40) === 0 ? { [`x${next(3)}`]: 1 } : {})]);
      if (next(4) === 0) receive();
    }
    receive();
    const { steps } = received;
    expect(steps.every((value, i) => i === 0 || value > (steps[i - 1] ?? 0))).toBe(true);
    expect(messages.filter((from) => from !== null).length).toBeGreaterThan(10);
    expect(cursor.skip()).toBeNull();
    reducer.add([begin(step - 2, ++attempt), log(step - 1, 1)]);
    expect(cursor.skip()).toBe(step - 1);
    expect(cursor.take()).toBeNull();
    reducer.reset();
    reducer.add([log(1, 1)]);
    receive();
    expect(received.steps).toHaveLength(1);
  });
});

describe('stepIndex', () => {
  it('answers a click', () => {
    const { batches } = of([
      batch(1, [4, 5], { loss: [0.5, null], n: [3, 0], step_loss: 0.5 }),
      batch(2, [6, 7, 8], {
        loss: ['NaN', 2.25, 1],
        n: [3, 4, 5],
        pieces: [null, [0, 8], [8, 16]],
        micro: [
          [0, 0, 0],
          [0, 0, 1],
          [0, 0, 1],
        ],
      }),
      batch(4, [5]),
    ]);
    expect(batches.at(1)).toEqual({
      step: 1,
      tokens: 9,
      packs: 2,
      loss: 0.5,
      rows: [
        { line: 5, row: 4, piece: null, loss: 0.5, trained: 3 },
        { line: 6, row: 5, piece: null, loss: null, trained: 0 },
      ],
    });
    expect(batches.at(2)).toMatchObject({
      packs: 2,
      loss: null,
      rows: [
        { loss: 'NaN', piece: null },
        { loss: 2.25, piece: [0, 8] },
        { loss: 1, piece: [8, 16] },
      ],
    });
    expect(batches.at(3)).toBeNull();
    expect(batches.at(4)?.rows).toEqual([{ line: 6, row: 5, piece: null, loss: null, trained: null }]);
    expect(batches.between(1, 4).map(({ step }) => step)).toEqual([2, 4]);
    expect(batches.trains).toBeNull();
  });

  it('keeps what was recorded token by token', () => {
    const { batches } = of(
      [1, 2].map((step) => batch(step, [3], { watched: [{ row: 3, from: 2, loss: [null, 1.5] }] })),
    );
    expect(batches.watched(3).map(({ step, from, loss }) => [step, from, [...loss]])).toEqual([
      [1, 2, [Number.NaN, 1.5]],
      [2, 2, [Number.NaN, 1.5]],
    ]);
  });

  it('bears rows far out', () => {
    const { batches } = of([batch(1, [2 ** 50, 40_000_000])]);
    expect(batches.at(1)?.rows.map(({ line }) => line)).toEqual([2 ** 50 + 1, 40_000_001]);
  });
});

/** Milliseconds; the best of three, since others use the machine, too. */
function best(work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

const line = (step: number): string =>
  `{"v":1,"seq":${step},"t":${step},"event":"log","attempt":1,"step":${step},"loss":${2 + Math.sin(step)},"grad_norm":0.5,"learning_rate":1e-4,"mean_token_accuracy":0.5,"epoch":0.5,"tokens":${step * 9},"tokens_per_second":900}\n`;

// A million of these take about 3 s on a machine with nothing else to do, of which JSON.parse alone takes half.
it('reads and reduces in a few times what JSON.parse takes', () => {
  const lines = Array.from({ length: 100_000 }, (_, i) => line(i + 1));
  const text = lines.join('');
  const parse = best(() => {
    for (const one of lines) JSON.parse(one);
  });
  const all = best(() => {
    const reader = createEventReader();
    const reducer = runReducer();
    for (let at = 0; at < text.length; at += 262_144) reducer.add(reader.push(text.slice(at, at + 262_144)));
    expect(reducer.view().steps).toHaveLength(lines.length);
  });
  console.info(`100,000 events: ${Math.round(all)} ms, JSON.parse ${Math.round(parse)} ms`);
  expect(all / parse).toBeLessThan(6);
}, 60_000);

it('appends at the cost of what is new, however much is there', () => {
  const after = (length: number): number => {
    const reducer = runReducer();
    const reader = createEventReader();
    for (let step = 1; step <= length; step++) reducer.add(reader.push(line(step)));
    const cursor = reducer.cursor();
    cursor.take();
    let step = length;
    return best(() => {
      for (let i = 0; i < 500; i++) {
        reducer.add(reader.push(line(++step)));
        expect(cursor.take()?.series.steps).toHaveLength(1);
      }
    });
  };
  const few = after(2000);
  const many = after(200_000);
  console.info(`500 points more: ${few.toFixed(1)} ms after 2,000, ${many.toFixed(1)} ms after 200,000`);
  // What copied everything would take a hundred times as long.
  expect(many / few).toBeLessThan(10);
}, 60_000);
