import { describe, expect, it } from 'vitest';
import { parseSpec } from './parse-spec.ts';
import { type DataFacts, NO_DATA_FACTS, specWarnings } from './warnings.ts';

const DATA = '"data": {"train": "t.jsonl", "eval": 0.05}';
const FACTS: DataFacts = {
  rows: 5000,
  longest: 900,
  truncatedRows: 0,
  tokens: 1_000_000,
  maxLength: 4096,
  format: 'messages',
};

function warnings(more: string, facts: Partial<DataFacts> = {}, data = DATA): unknown[][] {
  const text = `{"model": "m", ${data}${more === '' ? '' : `, ${more}`}}`;
  const { spec, problems } = parseSpec(text);
  expect(problems).toEqual([]);
  if (spec === null) throw new Error('no spec');
  return specWarnings(text, spec, { ...FACTS, ...facts }).map(({ message, range, fix, severity }) => [
    message,
    text.slice(...range),
    fix?.value,
    ...(severity === 'error' ? ['error'] : []),
  ]);
}

describe('specWarnings', () => {
  it('has nothing to say of the defaults', () => {
    for (const method of ['full', 'lora', 'qlora']) expect(warnings(`"method": "${method}"`)).toEqual([]);
    expect(warnings('"method": "dpo"', { format: 'preference' })).toEqual([]);
    expect(warnings('"method": "kto", "peft": {}', { format: 'kto' })).toEqual([]);
    expect(warnings('"packing": "bfd"')).toEqual([]);
    expect(warnings('', NO_DATA_FACTS)).toEqual([]);
  });

  it.each([
    [
      '"method": "full", "args": {"learning_rate": 2e-4}',
      'A learning rate of 2e-4 is high for full training, where 1e-5 to 5e-5 is usual: the model may forget what it could, or diverge.',
      '2e-4',
      2e-5,
    ],
    [
      '"args": {"learning_rate": 0.002}',
      'A learning rate of 0.002 is high for LoRA, where 1e-4 to 5e-4 is usual: the model may forget what it could, or diverge.',
      '0.002',
      2e-4,
    ],
    [
      '"args": {"learning_rate": 1.5e-6}',
      'A learning rate of 1.5e-6 is low for LoRA, where 1e-4 to 5e-4 is usual: the model may hardly change.',
      '1.5e-6',
      2e-4,
    ],
    [
      '"args": {"num_train_epochs": 8}',
      '8 epochs over 5,000 rows teach the model its rows by heart. 1 to 3 are usual: set 3, and watch the eval loss.',
      '8',
      3,
    ],
    [
      '"args": {"warmup_steps": 0}',
      'There is no warm-up: the first steps go at the full learning rate and may undo what the model could. 0.03 is usual.',
      '0',
      0.03,
    ],
    [
      '"packing": "bfd", "args": {"per_device_train_batch_size": 4}',
      'Packing 4 sequences to a batch without flash attention takes memory by the square of their length. Set it to 1: the rows of a step stay the same.',
      '4',
      1,
    ],
  ])('%s', (more, message, at, value) => {
    expect(warnings(more)).toEqual([[message, at, value]]);
  });

  it('knows DPO as a thing of its own', () => {
    const facts = { format: 'preference' } as const;
    expect(warnings('"method": "dpo", "args": {"learning_rate": 2e-5}', facts)[0]?.[0]).toMatch(
      /^A learning rate of 2e-5 is high for DPO,/,
    );
    expect(warnings('"method": "dpo", "peft": {}, "args": {"learning_rate": 2e-5}', facts)).toEqual([]);
  });

  it('holds the spec against its data', () => {
    expect(warnings('"maxLength": 1024', { truncatedRows: 312, longest: 3977 })).toEqual([
      [
        '`maxLength` of 1,024 cuts 312 of 5,000 rows (6%); the longest has 3,977 tokens. What is cut off is not learned: raise it, or shorten the rows.',
        '1024',
        4032,
      ],
    ]);
    expect(warnings('', { truncatedRows: 100, longest: 5000 })).toEqual([
      [expect.stringMatching(/^`maxLength` of 4,096 cuts 100 of 5,000 rows \(2%\)/), '{', 5056],
    ]);
    expect(warnings('"args": {"num_train_epochs": 5}', { rows: 120 }).at(-1)?.[0]).toMatch(/^5 epochs over 120 rows/);
    expect(warnings('', { rows: 48 })).toEqual([
      [
        '48 rows in steps of 16 make 9 steps, too few to learn much. Take fewer rows to a step: set `gradient_accumulation_steps` to 3.',
        '{',
        3,
      ],
    ]);
    expect(warnings('"packing": "bfd"', { tokens: 5000 * 3500 })).toEqual([
      [
        'Rows have 3,500 of 4,096 tokens on average: hardly two fit together. Set `packing` to `false`.',
        '"bfd"',
        false,
      ],
    ]);
  });

  it('looks after the eval rows', () => {
    const plain = '"data": {"train": "t.jsonl"}';
    expect(warnings('', {}, plain)).toEqual([
      [
        'No rows are held out, so that overfitting cannot be seen. Set `eval` to a share of the rows, 0.05.',
        '"data"',
        0.05,
      ],
    ]);
    expect(
      warnings('"args": {"gradient_accumulation_steps": 1, "per_device_train_batch_size": 1}', { rows: 48 }, plain),
    ).toEqual([]);
    expect(warnings('', {}, '"data": {"train": "t.jsonl", "eval": "t.jsonl"}')[0]?.[0]).toMatch(
      /^`eval` is the training file/,
    );
    expect(warnings('"args": {"gradient_accumulation_steps": 1}', { rows: 15 })).toContainEqual([
      'A share of 0.05 of 15 rows is not even one row. Set `eval` to a file or a greater share.',
      '0.05',
      0.2,
      'error',
    ]);
    expect(warnings('', { rows: 120 })).toEqual([
      ['6 rows to evaluate: the eval loss will jump about. Set `eval` to 0.09 or to a file.', '0.05', 0.09],
    ]);
  });

  it('holds the method against the rows and the device', () => {
    expect(warnings('"method": "dpo"')).toEqual([
      [
        'The method `dpo` needs rows with `chosen` and `rejected`, and the rows have the format `messages`. Set `method` to `lora`.',
        '"dpo"',
        'lora',
        'error',
      ],
    ]);
    expect(warnings('"method": "kto"', { format: 'preference' })[0]).toEqual([
      expect.stringMatching(/Set `method` to `dpo`\.$/),
      '"kto"',
      'dpo',
      'error',
    ]);
    expect(warnings('', { format: 'preference' })).toEqual([
      [
        'The rows are pairs of answers, and `lora` trains on the chosen ones only. Set `method` to `dpo` to learn from both.',
        '{',
        'dpo',
      ],
    ]);
    expect(warnings('"method": "qlora"', { device: 'cpu' })[0]?.slice(1)).toEqual(['"qlora"', 'lora', 'error']);
    expect(warnings('"method": "qlora"', { device: 'cuda' })).toEqual([]);
  });
});
