import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSpec } from './parse-spec.ts';
import { METHODS, PACKINGS } from './spec.ts';
import { SET_BY_RUN, SFT_ARGUMENTS } from './trainer-arguments.ts';

const LEAST = '"model": "m", "data": {"train": "t.jsonl"}';
const problems = (text: string): unknown[][] =>
  parseSpec(text).problems.map(({ message, severity, range }) => [severity, message, text.slice(...range)]);

describe('parseSpec', () => {
  it('fills in the defaults', () => {
    const { spec, problems } = parseSpec(`{${LEAST}}`);
    expect(problems).toEqual([]);
    expect(spec).toEqual({
      model: 'm',
      data: { train: 't.jsonl', eval: null },
      method: 'lora',
      args: {
        num_train_epochs: 3,
        learning_rate: 2e-4,
        lr_scheduler_type: 'cosine',
        warmup_steps: 0.03,
        per_device_train_batch_size: 2,
        per_device_eval_batch_size: 2,
        logging_steps: 1,
        eval_strategy: 'no',
        save_strategy: 'steps',
        save_steps: 0.1,
        save_total_limit: 2,
        seed: 42,
      },
      peft: { r: 16, lora_alpha: 32, lora_dropout: 0.05, target_modules: 'all-linear' },
      target: 'local',
      gpus: 'auto',
      nodes: 1,
      packing: false,
      record: { rowLoss: true, watch: [] },
      compare: { prompts: 4, maxNewTokens: 128 },
    });
  });

  it('reads every key, with comments and trailing commas, and passes arguments through untouched', () => {
    const text = `// a run
{
  "$schema": "x",
  "model": "../model", /* a folder */
  "data": {"train": "a.jsonl", "eval": 0.1,},
  "method": "dpo",
  "args": {"learning_rate": 1e-6, "beta": 0.2, "optim": "sgd", "accelerator_config": {"split_batches": true}},
  "peft": {"r": 4},
  "target": "box", "gpus": 8, "nodes": 2,
  "packing": false,
  "record": {"watch": [3]},
  "compare": {"prompts": 0},
  "tokenizer": "bundled:qwen3", "chatTemplate": null, "templateArgs": {"x": 1}, "mask": {"preset": "full"}, "maxLength": 99,
}`;
    const { spec, problems } = parseSpec(text);
    expect(problems).toEqual([]);
    expect(spec).toMatchObject({
      data: { train: 'a.jsonl', eval: 0.1 },
      args: {
        learning_rate: 1e-6,
        beta: 0.2,
        optim: 'sgd',
        accelerator_config: { split_batches: true },
        eval_steps: 0.1,
      },
      peft: { r: 4, lora_alpha: 32 },
      gpus: 8,
      nodes: 2,
      record: { rowLoss: true, watch: [3] },
      compare: { prompts: 0, maxNewTokens: 128 },
      tokenizer: 'bundled:qwen3',
      chatTemplate: null,
      templateArgs: { x: 1 },
      mask: { preset: 'full' },
      maxLength: 99,
    });
    expect(spec).not.toHaveProperty('$schema');
  });

  it('chooses by method', () => {
    const of = (more: string) => parseSpec(`{${LEAST}, ${more}}`).spec;
    expect(of('"method": "full"')).toMatchObject({ peft: null, args: { learning_rate: 2e-5 } });
    expect(of('"method": "dpo"')).toMatchObject({ peft: null, args: { learning_rate: 5e-6 } });
    expect(of('"method": "kto", "peft": {}')).toMatchObject({ peft: { r: 16 }, args: { learning_rate: 5e-5 } });
    expect(of('"packing": "bfd"')).toMatchObject({ args: { per_device_train_batch_size: 1 } });
  });

  it.each([
    ['', 'The run spec is empty. Give it a `model` and `data`.', ''],
    ['[]', 'The run spec must be an object, `{...}`.', '[]'],
    ['{"data": {"train": "t"}}', '`model` is missing. Add it.', '{'],
    ['{"model": "m"}', '`data` is missing. Add it.', '{'],
    ['{"model": "m", "data": {}}', '`train` is missing in `data`. Add it.', '{}'],
    ['{"model": "m", "data": "t.jsonl"}', '`data` must be an object. It is the text `"t.jsonl"`.', '"t.jsonl"'],
    [`{${LEAST}, "metod": "lora"}`, '`metod` is not known. Did you mean `method`?', '"metod"'],
    [`{${LEAST}, "zzz": 1}`, '`zzz` is not known. Remove it.', '"zzz"'],
    [
      `{${LEAST}, "save_strategy": "no"}`,
      '`save_strategy` is not known. Arguments of the trainer go into `args`.',
      '"save_strategy"',
    ],
    [
      `{${LEAST}, "method": "qlor"}`,
      '`method` must be `full`, `lora`, `qlora`, `dpo` or `kto`. It is the text `"qlor"`. Did you mean `qlora`?',
      '"qlor"',
    ],
    [
      `{${LEAST}, "method": "ppo"}`,
      '`method` must be `full`, `lora`, `qlora`, `dpo` or `kto`. It is the text `"ppo"`. Did you mean `dpo`?',
      '"ppo"',
    ],
    [
      `{${LEAST}, "packing": "wrapped"}`,
      '`wrapped` packing lets a row see its neighbours: what is trained would not be what the inspector shows. `bfd` packs rows whole, each seeing only itself.',
      '"wrapped"',
    ],
    [`{${LEAST}, "packing": true}`, '`packing` must be `false`, `bfd` or `bfd_split`. `bfd` keeps rows whole.', 'true'],
    [`{${LEAST}, "gpus": "all"}`, '`gpus` must be a whole number or `auto`. 0 means the processor.', '"all"'],
    [`{${LEAST}, "gpus": -1}`, '`gpus` must be a whole number or `auto`. 0 means the processor.', '-1'],
    [`{${LEAST}, "nodes": 0}`, '`nodes` must be 1 or more. It is the number 0.', '0'],
    [
      `{${LEAST}, "nodes": 2}`,
      '`nodes` is 2, and `local` is one machine. Set `target` to one with Slurm, or `nodes` to 1.',
      '2',
    ],
    [
      '{"model": "m", "data": {"train": "t", "eval": 5}}',
      '`eval` is a share of the training rows, above 0 and below 1. It is the number 5. For a file, write its name.',
      '5',
    ],
    [
      `{${LEAST}, "args": {"learning_rate": "2e-5"}}`,
      '`learning_rate` of `args` must be a number. It is the text `"2e-5"`. Take away the quotes.',
      '"2e-5"',
    ],
    [
      `{${LEAST}, "args": {"learning_rate": 0}}`,
      '`learning_rate` of `args` must be more than 0. It is the number 0.',
      '0',
    ],
    [
      `{${LEAST}, "args": {"eval_strategy": "step"}}`,
      '`eval_strategy` of `args` must be `no`, `steps` or `epoch`. It is the text `"step"`. Did you mean `steps`?',
      '"step"',
    ],
    [
      `{${LEAST}, "args": {"eval_strategy": "steps"}}`,
      'There are no rows to evaluate: `eval` of `data` is not set. Name a file or a share there, or remove this.',
      '"steps"',
    ],
    [
      `{${LEAST}, "method": "full", "peft": {"r": 8}}`,
      'The method `full` trains every weight and has no adapters. Remove `peft`, or set `method` to `lora`.',
      '"peft"',
    ],
    [
      `{${LEAST}, "method": "dpo", "packing": "bfd"}`,
      'Packing is for `full`, `lora` and `qlora`: `dpo` compares whole answers. Set `packing` to `false`.',
      '"bfd"',
    ],
    [
      `{"model": "m", "data": {"train": "t", "eval": 0.1}, "args": {"load_best_model_at_end": true, "save_strategy": "epoch"}}`,
      '`load_best_model_at_end` needs `save_strategy` and `eval_strategy` to be the same. They are `epoch` and `steps`.',
      'true',
    ],
    [
      `{"model": "m", "data": {"train": "t", "eval": 0.1}, "args": {"load_best_model_at_end": true, "save_steps": 100}}`,
      'The best model is a checkpoint at an evaluation: `save_steps` must be a multiple of `eval_steps`. They are 100 and 0.1.',
      'true',
    ],
    [
      `{${LEAST}, "args": {"save_steps": 2.5}}`,
      '`save_steps` of `args` is a number of steps, or below 1 a share of all. It is the number 2.5: make it whole.',
      '2.5',
    ],
    [
      `{${LEAST}, "record": {"watch": [0]}}`,
      'Item 1 of `watch` of `record` must be 1 or more. It is the number 0.',
      '0',
    ],
    [`{\n${LEAST},\n "args": {1}}`, 'A key without quotes stands at `1`, line 3, column 11.', '1'],
  ])('%s', (text, message, at) => {
    const found = problems(text);
    if (message.startsWith('A key without')) expect(found[0]?.[1]).toMatch(/line 3, column 11/);
    else expect(found).toEqual([['error', message, at]]);
    expect(parseSpec(text).spec).toBeNull();
  });

  it.each(Object.entries(SET_BY_RUN))('says where to set %s instead', (key, instead) => {
    const text = `{${LEAST}, "args": {"${key}": null}}`;
    expect(problems(text)).toEqual([['error', `\`${key}\` is set by the run itself. ${instead}`, `"${key}"`]]);
    expect(parseSpec(text).problems[0]?.fix).toEqual({
      title: `Remove \`${key}\``,
      key: ['args', key],
      value: undefined,
    });
  });

  it('warns of arguments that the trainer does not know and starts all the same', () => {
    const text = `{${LEAST}, "args": {"lerning_rate": 1e-4, "warmup_ratio": 0.1, "my_own_thing": 1}, "peft": {"rank": 2, "lora_alhpa": 3}}`;
    expect(problems(text)).toEqual([
      [
        'warning',
        '`lerning_rate` is no argument of SFTConfig (TRL 1.16), which would refuse it. Did you mean `learning_rate`?',
        '"lerning_rate"',
      ],
      ['warning', '`warmup_ratio` is called `warmup_steps` now. Change it.', '"warmup_ratio"'],
      [
        'warning',
        '`my_own_thing` is no argument of SFTConfig (TRL 1.16), which would refuse it. Remove it, unless the target has another version.',
        '"my_own_thing"',
      ],
      [
        'warning',
        '`rank` is no argument of LoraConfig (peft 0.21), which would refuse it. Remove it, unless the target has another version.',
        '"rank"',
      ],
      [
        'warning',
        '`lora_alhpa` is no argument of LoraConfig (peft 0.21), which would refuse it. Did you mean `lora_alpha`?',
        '"lora_alhpa"',
      ],
    ]);
    expect(parseSpec(text).spec?.args).toMatchObject({ my_own_thing: 1 });
    expect(parseSpec(text).problems[1]?.fix).toEqual({
      title: 'Change to `warmup_steps`',
      key: ['args', 'warmup_ratio'],
      value: undefined,
      rename: 'warmup_steps',
    });
  });

  it('knows what goes together', () => {
    const held = '"model": "m", "data": {"train": "t", "eval": 0.1}';
    expect(problems(`{${held}, "args": {"load_best_model_at_end": true}}`)).toEqual([]);
    expect(
      problems(`{${held}, "args": {"load_best_model_at_end": true, "eval_steps": 0.1, "save_steps": 0.3}}`),
    ).toEqual([]);
    expect(problems(`{${held}, "args": {"load_best_model_at_end": true, "save_strategy": "best"}}`)).toEqual([]);
    expect(problems(`{${LEAST}, "args": {"fsdp": true, "gradient_checkpointing": false}}`)).toEqual([]);
    expect(problems(`{${LEAST}, "args": {"fsdp": true}}`)).toEqual([
      ['warning', expect.stringMatching(/^With FSDP/), 'true'],
    ]);
  });

  it('never throws', () => {
    const text = `{${LEAST}, "args": {"learning_rate": 1e-4}, "record": {"watch": [1]}, "mask": {"preset": "full"}}`;
    for (let at = 0; at < text.length; at++) {
      parseSpec(text.slice(0, at));
      parseSpec(`${text.slice(0, at)}null${text.slice(at + 1)}`);
      parseSpec(`${text.slice(0, at)}[${text.slice(at)}`);
    }
    for (const value of ['null', '1', '[]', '""', '{}', 'true'])
      for (const key of [
        'model',
        'data',
        'method',
        'args',
        'peft',
        'gpus',
        'nodes',
        'packing',
        'record',
        'compare',
        'mask',
      ])
        expect(Array.isArray(parseSpec(`{"${key}": ${value}}`).problems)).toBe(true);
    expect(parseSpec('{"__proto__": {"model": 1}, "constructor": 2}').spec).toBeNull();
  });
});

describe('schemas/sftrun.schema.json', () => {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../../schemas/sftrun.schema.json'), 'utf8')) as {
    properties: Record<string, { enum?: unknown[]; properties?: Record<string, { description?: string }> }>;
  };

  it('knows the methods and packings of the code', () => {
    expect(schema.properties['method']?.enum).toEqual([...METHODS]);
    expect(schema.properties['packing']?.enum).toEqual([false, ...PACKINGS]);
  });

  it('describes arguments that the trainers have', () => {
    const known = new Set([
      ...SFT_ARGUMENTS,
      'beta',
      'precompute_ref_log_probs',
      'desirable_weight',
      'undesirable_weight',
    ]);
    const args = Object.entries(schema.properties['args']?.properties ?? {});
    expect(args.filter(([name]) => !known.has(name))).toEqual([]);
    expect(args.filter(([, { description }]) => !description)).toEqual([]);
  });
});
