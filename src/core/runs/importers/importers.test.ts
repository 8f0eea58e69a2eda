import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ImportedRun } from './importer.ts';
import { fieldsOf } from './protobuf.ts';
import { IMPORTERS, importRun } from './registry.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const run = (name: string, text: string | Uint8Array): ImportedRun => {
  const read = importRun(name, typeof text === 'string' ? bytes(text) : text);
  if (read === null) throw new Error('not known');
  return read;
};
const column = (from: ImportedRun, name: string): number[] => [...(from.series.columns[name] ?? [])];

describe('trainer_state.json', () => {
  const state = `{
  "best_global_step": 20, "best_metric": 2.0, "epoch": 1.5, "global_step": 30, "max_steps": 60, "num_train_epochs": 3,
  "log_history": [
    {"epoch": 0.5, "grad_norm": 1.0, "learning_rate": 0.0001, "loss": 3.0, "step": 10},
    {"epoch": 1.0, "eval_loss": 2.0, "eval_runtime": 1.0, "step": 20},
    {"epoch": 1.0, "grad_norm": NaN, "learning_rate": 5e-05, "loss": 0.0, "step": 20},
    {"epoch": 1.5, "grad_norm": -Infinity, "loss": Infinity, "step": 30, "note": "NaN, \\"Infinity\\""},
    {"epoch": 1.5, "step": 30, "total_flos": 1e9, "train_loss": 2.5, "train_runtime": 9.0},
    7
  ],
  "is_world_process_zero": true
}`;

  it('is read with its bare NaN', () => {
    const read = run('out/checkpoint-30/trainer_state.json', state);
    expect([...read.series.steps]).toEqual([10, 20, 30]);
    expect(column(read, 'loss')).toEqual([3, 0, Number.POSITIVE_INFINITY]);
    expect(column(read, 'grad_norm')).toEqual([1, Number.NaN, Number.NEGATIVE_INFINITY]);
    expect(read.series.columns['time']).toBeUndefined();
    expect([[...read.series.eval.steps], [...read.series.eval.loss]]).toEqual([[20], [2]]);
    expect(read.facts).toEqual({
      source: 'transformers trainer_state.json',
      step: 30,
      maxSteps: 60,
      epoch: 1.5,
      epochs: 3,
      started: null,
      ended: null,
      bestStep: 20,
      summary: { total_flos: 1e9, train_loss: 2.5, train_runtime: 9 },
    });
    expect(read.skipped).toBe(1);
  });

  it('is known by its content, too', () => {
    expect(run('state.json', state).facts.step).toBe(30);
    expect(importRun('trainer_state.json', bytes('{"a": 1}'))).toBeNull();
    expect(importRun('trainer_state.json', bytes(state.slice(0, 300)))).toBeNull();
    expect(importRun('x.json', bytes('{"messages": []}'))).toBeNull();
  });
});

describe('trainer_log.jsonl', () => {
  const log = `{"current_steps": 10, "total_steps": 40, "loss": 2.0, "lr": 5e-05, "epoch": 0.5, "percentage": 25.0, "elapsed_time": "0:00:10", "remaining_time": "0:00:30", "throughput": 123.5, "total_tokens": 999}
{"current_steps": 20, "total_steps": 40, "loss": 1.0, "lr": 4e-05, "epoch": 1.0, "percentage": 50.0, "elapsed_time": "1 day, 0:00:20", "throughput": "99.25", "total_tokens": 1999}
{"current_steps": 20, "total_steps": 40, "eval_loss": 1.5, "epoch": 1.0, "percentage": 50.0, "elapsed_time": "1 day, 0:00:21"}
{"current_steps": 30, "total_steps": 40, "loss": NaN, "epoch": 1.5, "elapsed_time": "0:00:30"}
{"current_steps": 20, "total_ste
{"current_steps": 20, "total_steps": 40, "loss": 0.5, "epoch": 1.0, "elapsed_time": "0:00:05"}
{"current_steps": 40, "total_steps": 40, "epoch": 2.0, "percentage": 100.0, "elapsed_time": "0:00:15", "remaining_time": "0:00:00"}
`;

  it('is read with the names of TRL', () => {
    const read = run('saves/trainer_log.jsonl', log);
    expect([...read.series.steps]).toEqual([10, 20]);
    expect(column(read, 'loss')).toEqual([2, 0.5]);
    expect(column(read, 'learning_rate')[0]).toBe(5e-5);
    expect(column(read, 'tokens_per_second')[0]).toBe(123.5);
    expect(column(read, 'tokens')[0]).toBe(999);
    expect(column(read, 'time')).toEqual([10, 5]);
    expect([...read.series.eval.loss]).toEqual([1.5]);
    expect(read.facts).toMatchObject({ step: 40, maxSteps: 40, epoch: 1, started: null });
    expect(read.skipped).toBe(1);
    expect(run('x.jsonl', log.slice(0, 300)).facts.step).toBe(10);
  });
});

/** Writes what TensorBoard writes. */
const varint = (value: bigint): number[] => {
  const list: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    list.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return list;
};
const field = (number: number, wire: number, content: number[]): number[] => [
  ...varint(BigInt(number * 8 + wire)),
  ...(wire === 2 ? varint(BigInt(content.length)) : []),
  ...content,
];
const float = (value: number): number[] => [...new Uint8Array(Float32Array.of(value).buffer)];
const double = (value: number): number[] => [...new Uint8Array(Float64Array.of(value).buffer)];
const text = (value: string): number[] => [...bytes(value)];
const record = (message: number[]): number[] => [
  ...new Uint8Array(Uint32Array.of(message.length, 0, 7).buffer),
  ...message,
  1,
  2,
  3,
  4,
];
const event = (time: number, step: number, ...values: number[][]): number[] =>
  record([
    ...field(1, 1, double(time)),
    ...field(2, 0, varint(BigInt(step))),
    ...field(
      5,
      2,
      values.flatMap((value) => field(1, 2, value)),
    ),
  ]);
const simple = (tag: string, value: number): number[] => [...field(1, 2, text(tag)), ...field(2, 5, float(value))];
const tensor = (tag: string, content: number[]): number[] => [
  ...field(1, 2, text(tag)),
  ...field(9, 2, field(1, 2, text('scalars'))),
  ...field(8, 2, content),
];
const start = record([...field(1, 1, double(1e9)), ...field(3, 2, text('brain.Event:2'))]);
const file = (...parts: number[][]): Uint8Array => Uint8Array.from([...start, ...parts.flat()]);

describe('events.out.tfevents', () => {
  it('is read: values and tensors', () => {
    const read = run(
      'events.out.tfevents.1.host',
      file(
        event(1e9 + 1, 1, simple('train/loss', 3.5)),
        event(1e9 + 1, 1, simple('train/learning_rate', 0.5)),
        event(1e9 + 2, 2, tensor('train/loss', [...field(1, 0, [1]), ...field(5, 2, float(2.5))])),
        event(1e9 + 2, 2, tensor('train/grad_norm', [...field(1, 0, [1]), ...field(5, 5, float(1.5))])),
        event(1e9 + 3, 3, tensor('train/loss', [...field(1, 0, [2]), ...field(6, 2, double(0.1))])),
        event(1e9 + 3, 3, simple('eval/loss', 2), simple('my/own', 7)),
        event(1e9 + 4, 4, tensor('train/loss', [...field(1, 0, [1]), ...field(4, 2, float(Number.NaN))])),
        event(1e9 + 4, 4, tensor('histogram', [...field(1, 0, [1]), ...field(5, 2, [...float(1), ...float(2)])])),
        event(1e9 + 5, 4, simple('train/train_loss', 1.25)),
      ),
    );
    expect([...read.series.steps]).toEqual([1, 2, 3, 4]);
    expect(column(read, 'loss')).toEqual([3.5, 2.5, 0.1, Number.NaN]);
    expect(column(read, 'grad_norm')[1]).toBe(1.5);
    expect(column(read, 'learning_rate')[0]).toBe(0.5);
    expect(column(read, 'my/own')[2]).toBe(7);
    expect(column(read, 'histogram')).toEqual([]);
    expect([[...read.series.eval.steps], [...read.series.eval.loss]]).toEqual([[3], [2]]);
    expect(read.facts).toMatchObject({
      step: 4,
      started: (1e9 + 1) * 1000,
      ended: (1e9 + 5) * 1000,
      summary: { train_loss: 1.25 },
    });
  });

  it('replaces the steps that were done again', () => {
    const read = run(
      'x.tfevents',
      file(...[1, 2, 3, 2, 3, 4].map((step, i) => event(1e9 + i, step, simple('train/loss', i)))),
    );
    expect([...read.series.steps]).toEqual([1, 2, 3, 4]);
    expect(column(read, 'loss')).toEqual([0, 3, 4, 5]);
    expect(read.series.attempts).toEqual([1]);
  });

  it('is read up to where it is torn, and never farther', () => {
    const whole = file(event(1, 1, simple('train/loss', 1)), event(1, 2, simple('train/loss', 2)));
    for (let length = 0; length < whole.length; length++) {
      const read = importRun('x.tfevents', whole.subarray(0, length));
      expect(read?.series.steps.length ?? 0).toBeLessThanOrEqual(1);
    }
    let random = 5;
    for (let i = 0; i < 1000; i++) {
      const broken = whole.slice();
      for (let k = 0; k < 3; k++) broken[(random = (random * 48271) % 2147483647) % broken.length] = random % 256;
      importRun('x.tfevents', broken);
    }
    expect(importRun('x.tfevents', bytes('{"a": 1, "b": "something that is no record at all"}'))).toBeNull();
  });

  it('knows steps below 0 and above 32 bits', () => {
    for (const value of [-1n, 5n, 2n ** 40n + 3n, 2n ** 31n])
      expect([...fieldsOf(Uint8Array.from(field(2, 0, varint(value))), 0, 99)][0]?.varint).toBe(Number(value));
  });

  const real = process.env['SFT_LENS_TFEVENTS'];
  it.skipIf(real === undefined || !existsSync(real))(
    'reads a file that torch wrote (set SFT_LENS_TFEVENTS to one)',
    () => {
      const read = run('x', readFileSync(real ?? ''));
      expect(read.series.steps.length).toBeGreaterThan(0);
      expect(column(read, 'loss').length).toBe(read.series.steps.length);
    },
  );
});

it('has importers with names of their own', () => {
  expect(new Set(IMPORTERS.map(({ name }) => name)).size).toBe(IMPORTERS.length);
  expect(importRun('x', new Uint8Array(0))).toBeNull();
  for (const { name, files } of IMPORTERS)
    expect(importRun(`${name}/${files[0]}`, new Uint8Array(0))?.series.steps.length ?? 0).toBe(0);
});
