import { describe, expect, it } from 'vitest';
import {
  createEventReader,
  figureOf,
  isInside,
  numberOf,
  readCompare,
  readEvalRows,
  readEvent,
} from './read-events.ts';

const head = (seq: number, event: string, more: object = {}): string =>
  JSON.stringify({ v: 1, seq, t: 1.5, event, attempt: 1, step: 3, ...more });

describe('readEvent', () => {
  it('keeps the fields of each event', () => {
    const lines = [
      { event: 'log', loss: 'NaN', learning_rate: 1e-4, epoch: 0.5 },
      {
        event: 'batch',
        lines: [1, 7],
        rows: [0, 6],
        micro: [
          [0, 0, 0],
          [0, 0, 1],
        ],
        pieces: [null, [0, 9]],
        loss: [1.5, null],
        n: [4, 0],
        tokens: 20,
        step_loss: 1.5,
      },
      { event: 'eval', file: 'eval/step-3.jsonl', rows: 2, tokens: 9, token_loss: 2, worst: [[7, 3.5]] },
      {
        event: 'heartbeat',
        gpus: [{ index: 0, memory_used: 1, memory_total: 2, allocated: 1, peak: 1, utilization: 50 }],
      },
      { event: 'save', path: 'out/checkpoint-3' },
      { event: 'train_end', status: 'stopped' },
      { event: 'compare', file: 'compare.json' },
      { event: 'error', type: 'RuntimeError', message: 'no', rank: 1 },
      {
        event: 'train_begin',
        max_steps: 9,
        epochs: 3,
        world_size: 2,
        world_size_asked: null,
        per_device_batch: 1,
        accumulation: 4,
        device: 'cpu',
        device_name: 'x',
        parallel: 'MULTI_CPU',
        method: 'lora',
        packing: null,
        rows: 5,
        trainable: 1,
        parameters: 2,
        versions: { trl: '1.16.0' },
      },
    ].map((event) => ({ v: 1, seq: 1, t: 1.5, attempt: 1, step: 3, ...event }));
    for (const event of lines) expect(readEvent(JSON.stringify(event))).toEqual(event);
  });

  it.each([
    ['', 'nothing'],
    ['{', 'torn'],
    ['[]', 'a list'],
    ['{"v":2,"seq":1,"t":1,"event":"log","step":1}', 'another version'],
    [head(1, 'gone'), 'unknown'],
    [head(1, 'constructor'), 'a name of JavaScript'],
    [head(-1, 'log'), 'seq below 0'],
    [head(1, 'log', { step: 1.5 }), 'half a step'],
    [head(1, 'log', { step: 1e300 }), 'a step out of reach'],
    [head(1, 'log', { t: '1' }), 'time as text'],
    [head(1, 'batch', { lines: [1], rows: [0, 1] }), 'lists of two lengths'],
    [head(1, 'batch', { lines: ['1'], rows: [0] }), 'lines as text'],
    [head(1, 'save', { path: '../../etc/passwd' }), 'a way out of the folder'],
    [head(1, 'save', { path: '/etc/passwd' }), 'an absolute path'],
    [head(1, 'eval', { file: 'C:\\x', token_loss: 1 }), 'a path of Windows'],
    [head(1, 'train_end', { status: 'fine' }), 'an unknown status'],
  ])('%s is no event: %s', (line) => {
    expect(readEvent(line)).toBeNull();
  });

  it('leaves out what is wrong and can be missed', () => {
    expect(readEvent(head(1, 'log', { loss: 'high', note: {}, learning_rate: 1 }))).toEqual(
      JSON.parse(head(1, 'log', { learning_rate: 1 })),
    );
    const batch = readEvent(head(1, 'batch', { lines: [1], rows: [0], micro: 1, loss: [1, 2], n: [1], tokens: 'x' }));
    expect(batch).toEqual(JSON.parse(head(1, 'batch', { lines: [1], rows: [0], micro: [], tokens: 0 })));
  });

  it('lets no key named __proto__ in', () => {
    const event = readEvent('{"v":1,"seq":1,"t":1,"event":"log","attempt":1,"step":1,"__proto__":5,"loss":1}');
    expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
    expect(Object.keys(event ?? {})).not.toContain('__proto__');
    expect(event).toMatchObject({ loss: 1 });
  });
});

describe('createEventReader', () => {
  const text = `${[1, 2, 3].map((seq) => head(seq, 'save', { path: `out/checkpoint-${seq}` })).join('\n')}\n`;
  const seqs = (chunks: readonly string[]): number[] => {
    const reader = createEventReader();
    return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()].map(({ seq }) => seq);
  };

  it('reads the same from chunks of any size', () => {
    for (let size = 1; size < text.length; size += 7)
      expect(seqs(text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [])).toEqual([1, 2, 3]);
    expect(seqs([text.trimEnd()])).toEqual([1, 2, 3]);
    expect(seqs([text.replaceAll('\n', '\r\n')])).toEqual([1, 2, 3]);
  });

  it('skips bad lines and counts them, reads no line twice', () => {
    const reader = createEventReader();
    expect(
      reader.push(`${text}{"v":1,"seq":4\n${text}nonsense\n\n${head(9, 'train_end', { status: 'done' })}\n`),
    ).toHaveLength(4);
    expect(reader.skipped).toBe(2);
    expect(reader.seq).toBe(9);
    expect(reader.push(text)).toEqual([]);
    reader.reset();
    expect(reader.push(text)).toHaveLength(3);
    expect(reader.skipped).toBe(0);
  });

  it('does not keep a line without end', () => {
    const reader = createEventReader();
    const chunk = 'x'.repeat(1_000_000);
    for (let i = 0; i < 40; i++) expect(reader.push(chunk)).toEqual([]);
    expect(reader.push(`\n${text}`)).toHaveLength(3);
    expect(reader.skipped).toBe(1);
  });
});

describe('figures', () => {
  it('go both ways', () => {
    for (const value of [0, -1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect(numberOf(figureOf(value))).toBe(value);
    expect(numberOf('x')).toBeNaN();
  });
});

it.each(['out/checkpoint-3', 'eval/step-1.jsonl', 'a..b'])('%s is in the folder', (path) =>
  expect(isInside(path)).toBe(true),
);
it.each(['', '..', 'a/../b', 'a\0b', 'a\nb', '\\\\host', 'c:x', 3])('%j is not', (path) =>
  expect(isInside(path)).toBe(false),
);

describe('files beside the events', () => {
  it('reads compare.json without its wrong entries', () => {
    const ids = { prompt: [1], expected: [2], base: [3], tuned: [4] };
    const right = { split: 'eval', row: 0, line: 1, ids, prompt: 'p', expected: 'e', base: null, tuned: 't' };
    const row = { split: 'eval', row: 0, line: 1, base: [null, 1], tuned: [null, 'NaN'] };
    const text = JSON.stringify({
      checkpoint: 'out',
      prompts: [right, { ...right, ids: 1 }, { ...right, split: 'x' }, 3],
      rows: [row, { ...row, base: [{}] }],
    });
    expect(readCompare(text)).toEqual({ checkpoint: 'out', prompts: [right], rows: [row] });
    expect(readCompare('[')).toBeNull();
    expect(readCompare('[]')).toBeNull();
  });

  it('reads the rows of an evaluation', () => {
    expect(
      readEvalRows('{"line":3,"row":2,"loss":"NaN","n":5}\n{"line":1}\n{"line":1,"row":0,"loss":null,"n":0}\n'),
    ).toEqual([
      { line: 3, row: 2, loss: 'NaN', n: 5 },
      { line: 1, row: 0, loss: null, n: 0 },
    ]);
  });
});
