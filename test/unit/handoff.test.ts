// From a dataset file to the Arrow files of a run, with the real workers.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../src/core/config.ts';
import { withDefaults } from '../../src/core/runs/defaults.ts';
import type { LensService } from '../../src/core/service-types.ts';
import { withHub } from '../../src/node/hub/hub-service.ts';
import { type HandoffRequest, handOff } from '../../src/node/runs/handoff.ts';
import { runSettings, specFor, TINY_MODEL } from '../../src/node/runs/trainer-spec.ts';
import { createService } from '../../src/node/service.ts';

const root = resolve(import.meta.dirname, '../..');
const worker = join(root, 'dist/worker.cjs');
const IM_END = 151645;

let folder = '';
let service: LensService;
beforeAll(() => {
  if (!existsSync(worker)) throw new Error('dist/worker.cjs is missing: run npm run build');
  folder = mkdtempSync(join(tmpdir(), 'sft-lens-handoff-'));
  service = createService({ worker, assets: join(root, 'dist/assets'), threads: 2 });
});
afterAll(() => {
  service.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const SETTINGS: Settings = { ...DEFAULT_SETTINGS, chatTemplate: 'bundled:chatml' };
const chat = (question: string, answer: string) => ({
  messages: [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ],
});
let number = 0;
const file = (rows: readonly unknown[]): string => {
  const path = join(folder, `data-${++number}.jsonl`);
  writeFileSync(path, rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join(''));
  return path;
};
const request = (path: string, more: Partial<HandoffRequest> & { settings?: Settings } = {}): HandoffRequest => ({
  method: 'lora',
  train: { path, settings: more.settings ?? SETTINGS },
  eval: null,
  folder: join(folder, `run-${number}`),
  watch: [],
  ...more,
});
interface Row {
  readonly [column: string]: number | boolean | number[];
}
const rowsOf = (path: string): Row[] =>
  tableFromIPC(readFileSync(path))
    .toArray()
    .map((row) =>
      Object.fromEntries(
        Object.entries(row?.toJSON() ?? {}).map(([key, value]) => [
          key,
          typeof value === 'object' && value !== null ? [...(value as Iterable<number>)] : (value as number | boolean),
        ]),
      ),
    );
const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const text = async (ids: readonly number[]) => (await service.decode([ids], SETTINGS))[0];

describe('handOff', () => {
  it('writes ids, labels and source lines of the rows that have a label, and counts the others', async () => {
    const path = file([
      chat('One?', 'Yes.'),
      '{"messages": 3}',
      'no json',
      '',
      { messages: [{ role: 'user', content: 'x' }] },
      chat('Two?', 'No.'),
    ]);
    const { manifest, watch, stopIds, vocabularySize } = await handOff(request(path, { watch: [6, 1, 5] }), service);
    const out = join(folder, `run-${number}`);
    const rows = rowsOf(join(out, 'train.arrow'));
    expect(rows.map((row) => row['source_line'])).toEqual([1, 6]);
    expect(watch).toEqual([1, 0]);
    expect(stopIds).toEqual([IM_END]);
    expect(vocabularySize).toBe(151669);
    expect(await text(rows[0]?.['input_ids'] as number[])).toBe(
      '<|im_start|>user\nOne?<|im_end|>\n<|im_start|>assistant\nYes.<|im_end|>\n',
    );
    const labels = rows[0]?.['labels'] as number[];
    expect(await text(labels.filter((label) => label !== -100))).toBe('Yes.<|im_end|>\n');
    expect(labels.map((label) => (label === -100 ? 0 : 1))).toEqual(rows[0]?.['assistant_masks']);
    expect(manifest.train).toMatchObject({
      rows: 5,
      written: 2,
      withoutLabel: 1,
      unreadable: 2,
      truncated: 0,
      maxId: IM_END,
    });
    expect(manifest.train.arrowSha256).toBe(hash(join(out, 'train.arrow')));
    expect(manifest.train.sha256).toBe(hash(path));
    expect(manifest.eval).toBeNull();
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))).toEqual(manifest);
    expect(readdirSync(out).sort()).toEqual(['manifest.json', 'train.arrow']);
  });

  it('names a tokenizer of the Hub by its commit', async () => {
    const snapshot = { folder: mkdtempSync(join(folder, 'snapshot-')), commit: 'c'.repeat(40), complete: true };
    const tokenizer = readFileSync(join(root, 'test/fixtures/tokenizers/bytes-qwen.json'));
    writeFileSync(join(snapshot.folder, 'tokenizer.json'), tokenizer);
    const path = file([chat('One?', 'Yes.')]);
    const hub = withHub(service, () => Promise.resolve({ snapshot }));
    const { manifest } = await handOff(request(path, { settings: { ...SETTINGS, tokenizer: 'org/name' } }), hub);
    expect(manifest).toMatchObject({
      tokenizer: `org/name@${snapshot.commit}`,
      tokenizerSha256: hash(join(snapshot.folder, 'tokenizer.json')),
      train: { written: 1 },
    });
  });

  it('cuts rows to max length and leaves out those whose labels are cut off', async () => {
    const settings = { ...SETTINGS, maxLength: 12 };
    const path = file([
      chat('One?', 'Yes, and this goes on for a while.'),
      chat('A long question that fills all that there is of room?', 'No.'),
    ]);
    const { manifest } = await handOff(request(path, { settings }), service);
    expect(manifest.train).toMatchObject({ written: 1, withoutLabel: 1, longest: 12, tokens: 12 });
    expect(manifest.train.truncated).toBeGreaterThan(0);
  });

  it('holds out a share of the rows, and at least one', async () => {
    const path = file(Array.from({ length: 40 }, (_, i) => chat(`Question ${i}?`, `Answer ${i}.`)));
    const { manifest } = await handOff(request(path, { eval: { share: 0.1, seed: 42 } }), service);
    const out = join(folder, `run-${number}`);
    const lines = (name: string) => rowsOf(join(out, name)).map((row) => row['source_line'] as number);
    expect(manifest.eval).toMatchObject({ rows: 4, written: 4, source: path });
    expect(manifest.train).toMatchObject({ rows: 36, written: 36 });
    expect([...lines('train.arrow'), ...lines('eval.arrow')].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
    expect(manifest.eval?.arrowSha256).toBe(hash(join(out, 'eval.arrow')));

    const two = file([chat('One?', 'Yes.'), chat('Two?', 'No.')]);
    const small = await handOff(request(two, { eval: { share: 0.01, seed: 3 } }), service);
    expect([small.manifest.train.written, small.manifest.eval?.written]).toEqual([1, 1]);
    const one = file([chat('One?', 'Yes.')]);
    const single = await handOff(request(one, { eval: { share: 0.5, seed: 3 } }), service);
    expect([single.manifest.train.written, single.manifest.eval]).toEqual([1, null]);
  });

  it('takes an eval file with settings of its own', async () => {
    const held = file([{ messages: [{ role: 'user', content: 'x' }] }, chat('Two?', 'No.')]);
    const path = file([chat('One?', 'Yes.')]);
    const { manifest } = await handOff(request(path, { eval: { path: held, settings: SETTINGS } }), service);
    expect(manifest.eval).toMatchObject({ source: held, rows: 2, written: 1, withoutLabel: 1 });
  });

  it.each([
    [[], 'lora', 'data-%n.jsonl has no rows.'],
    [
      [{ messages: [{ role: 'user', content: 'x' }] }],
      'lora',
      'None of the 1 rows of data-%n.jsonl has a token to train on.',
    ],
    [
      [chat('One?', 'Yes.')],
      'dpo',
      'None of the 1 rows of data-%n.jsonl holds a prompt with a chosen and a rejected answer.',
    ],
  ] as const)('refuses %j for %s before anything is written', async (rows, method, message) => {
    const path = file(rows);
    const failing = handOff(request(path, { method }), service);
    await expect(failing).rejects.toMatchObject({ code: 'staging', message: message.replace('%n', String(number)) });
    expect(readdirSync(join(folder, `run-${number}`))).toEqual([]);
  });

  it('says which file cannot be read', async () => {
    await expect(handOff(request(join(folder, 'none.jsonl')), service)).rejects.toMatchObject({ code: 'staging' });
    const settings = { ...SETTINGS, tokenizer: join(folder, 'nowhere') };
    await expect(handOff(request(file([chat('a', 'b')]), { settings }), service)).rejects.toThrow(/nowhere/);
  });

  it('stops when it is told to, and leaves nothing', async () => {
    const path = file(Array.from({ length: 9000 }, (_, i) => chat(`Question ${i}?`, `Answer ${i}.`)));
    const stop = new AbortController();
    const seen: number[] = [];
    const running = handOff(request(path, { eval: { share: 0.1, seed: 1 } }), service, {
      signal: stop.signal,
      onProgress: ({ rows }) => {
        seen.push(rows);
        stop.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).toEqual([2000]);
    expect(readdirSync(join(folder, `run-${number}`))).toEqual([]);
  });
});

describe('answers', () => {
  const pair = (chosen: string, rejected: string) => ({
    prompt: [{ role: 'user', content: 'One?' }],
    chosen: [{ role: 'assistant', content: chosen }],
    rejected: [{ role: 'assistant', content: rejected }],
  });

  it('splits a pair into its prompt and both answers, to the end of what the mask trains', async () => {
    const path = file([pair('Yes.', 'No, never.')]);
    const answers = async (settings: Settings) => {
      const { manifest, stopIds } = await handOff(request(path, { method: 'dpo', settings }), service);
      const [row] = rowsOf(join(folder, `run-${number}`, 'train.arrow'));
      const texts = ['prompt_ids', 'chosen_ids', 'rejected_ids'].map((name) => text(row?.[name] as number[]));
      return { manifest, stopIds, texts: await Promise.all(texts), line: row?.['source_line'] };
    };
    const prompt = '<|im_start|>user\nOne?<|im_end|>\n<|im_start|>assistant\n';
    const think = '<think>\n\n</think>\n\n';
    const cut = await answers({ ...SETTINGS, chatTemplate: null, mask: 'openai' });
    expect(cut.texts).toEqual([prompt, `${think}Yes.<|im_end|>`, `${think}No, never.<|im_end|>`]);
    expect(cut).toMatchObject({ line: 1, stopIds: [IM_END], manifest: { train: { written: 1, trained: 7 + 9 } } });
    const whole = await answers({ ...SETTINGS, mask: 'full' });
    expect(whole.texts).toEqual([prompt, 'Yes.<|im_end|>\n', 'No, never.<|im_end|>\n']);
    expect(whole.stopIds).toEqual([IM_END]);
  });

  it('drops a pair of which one side does not fit', async () => {
    const path = file([pair('Yes.', 'No.'), pair('Yes.', `${'No. '.repeat(20)}`)]);
    const { manifest } = await handOff(
      request(path, { method: 'dpo', settings: { ...SETTINGS, maxLength: 14 } }),
      service,
    );
    expect(manifest.train).toMatchObject({ rows: 2, written: 2, longest: 14 });
    const short = handOff(request(path, { method: 'dpo', settings: { ...SETTINGS, maxLength: 9 } }), service);
    await expect(short).rejects.toMatchObject({ code: 'staging' });
  });

  it('takes rated answers with their labels', async () => {
    const rated = (label: unknown) => ({
      prompt: [{ role: 'user', content: 'One?' }],
      completion: [{ role: 'assistant', content: 'Yes.' }],
      label,
    });
    const path = file([rated(true), rated(false), rated('yes')]);
    const { manifest } = await handOff(request(path, { method: 'kto' }), service);
    const rows = rowsOf(join(folder, `run-${number}`, 'train.arrow'));
    expect(rows.map((row) => [row['label'], row['source_line']])).toEqual([
      [true, 1],
      [false, 2],
    ]);
    expect(await text(rows[1]?.['completion_ids'] as number[])).toBe('Yes.<|im_end|>\n');
    expect(manifest.train).toMatchObject({ written: 2, unreadable: 1 });
  });

  it('splits texts without a template where their tokens do', async () => {
    const path = file([{ prompt: 'The sky is', chosen: ' blue.', rejected: ' green.' }]);
    await handOff(request(path, { method: 'dpo' }), service);
    const [row] = rowsOf(join(folder, `run-${number}`, 'train.arrow'));
    expect(await text(row?.['prompt_ids'] as number[])).toBe('The sky is');
    expect(await text(row?.['chosen_ids'] as number[])).toBe(' blue.<|im_end|>');
  });
});

describe('specFor', () => {
  const handoff = async () => handOff(request(file([chat('One?', 'Yes.')]), { watch: [1] }), service);

  it('tells the trainer what the spec says, and the tiny model what ids it must know', async () => {
    const spec = withDefaults({
      model: TINY_MODEL,
      data: { train: 'x', eval: null },
      method: 'full',
      gpus: 2,
      nodes: 2,
    });
    expect(specFor(spec, SETTINGS, await handoff())).toMatchObject({
      model: TINY_MODEL,
      method: 'full',
      packing: null,
      maxLength: 4096,
      watch: [0],
      worldSize: 4,
      stopIds: [IM_END],
      tiny: { vocabSize: 151669, seed: 42 },
      args: { gradient_accumulation_steps: 2 },
    });
  });

  it('leaves the number of ranks to the target where the spec does', async () => {
    const spec = withDefaults({ model: 'org/name', data: { train: 'x', eval: null } });
    const made = specFor(spec, SETTINGS, await handoff(), { model: '/models/name' });
    expect(made).toMatchObject({ worldSize: null, model: '/models/name', tiny: null });
  });

  it('puts the settings of the spec over those of the project', () => {
    const spec = withDefaults({
      model: 'm',
      data: { train: 'x', eval: null },
      tokenizer: '../tok',
      mask: 'full',
      maxLength: 9,
    });
    expect(runSettings(spec, SETTINGS, '/w/specs')).toEqual({
      ...SETTINGS,
      tokenizer: '/w/tok',
      mask: 'full',
      maxLength: 9,
    });
  });
});
