// What the inspector shows against what TRL trains on: rows are handed to train.py as a run does, real TRL trains tiny
// models on the processor, and Python compares (test/parity/trainer/*.py).
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DEFAULT_SETTINGS, type Settings } from '../../src/core/config.ts';
import { withDefaults } from '../../src/core/runs/defaults.ts';
import type { Method } from '../../src/core/runs/spec.ts';
import type { LensService } from '../../src/core/service-types.ts';
import { handOff } from '../../src/node/runs/handoff.ts';
import { specFor, TINY_MODEL } from '../../src/node/runs/trainer-spec.ts';
import { createService } from '../../src/node/service.ts';
import { run } from './trainer/run-python.ts';

const root = resolve(import.meta.dirname ?? '.', process.env['SFT_LENS_ROOT'] ?? process.cwd());
const data = process.env['SFT_LENS_DATA'] ?? join(root, '../shared/data');
const python = process.env['SFT_LENS_TRAINER'] ?? join(root, '.cache/trainer/venv/bin/python');
const work = join(root, '.cache/parity/trainer');

/** The same numbers for the same seed, from 0 to `below`. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const message = (role: string, content: string) => ({ role, content });

/** Chats of one to four questions; some twice, one without an answer, one broken, some in other scripts. */
function chats(count: number, seed: number): string[] {
  const roll = dice(seed);
  const rows: string[] = [];
  for (let i = 0; i < count; i++) {
    if (i % 17 === 5) rows.push(rows[i - 3] ?? '');
    else if (i === 11) rows.push(JSON.stringify({ messages: [message('user', 'Is anyone there?')] }));
    else if (i === 12) rows.push('{"messages": [');
    else {
      const turns = Array.from({ length: 1 + roll(4) }, () => {
        const [a, b] = [roll(50), roll(50)];
        const question = roll(5) === 0 ? `${a} と ${b} の和は?  é 🙂` : `What is ${a} plus ${b}?`;
        return [message('user', question), message('assistant', `${a} plus ${b} is ${a + b}.`)];
      });
      const system = roll(3) === 0 ? [message('system', 'Answer briefly.')] : [];
      rows.push(JSON.stringify({ messages: [...system, ...turns.flat()] }));
    }
  }
  return rows;
}

const answers = (seed: number, count: number) => {
  const roll = dice(seed);
  return Array.from({ length: count }, (_, i) => {
    const [a, b] = [roll(50), roll(50)];
    return {
      prompt: [message('user', `What is ${a} plus ${b}?`)],
      good: [message('assistant', `${a} plus ${b} is ${a + b}.`)],
      bad: [message('assistant', `${a} plus ${b} is ${a + b + 1}${' or so'.repeat(i % 3)}.`)],
      liked: i % 3 !== 0,
    };
  });
};

const pairRows = (seed: number, count: number) =>
  answers(seed, count).map(({ prompt, good, bad }) => JSON.stringify({ prompt, chosen: good, rejected: bad }));
const ratedRows = (seed: number, count: number) =>
  answers(seed, count).map(({ prompt, good, bad, liked }) =>
    JSON.stringify({ prompt, completion: liked ? good : bad, label: liked }),
  );

const write = (path: string, rows: readonly string[]): string => {
  writeFileSync(path, `${rows.join('\n')}\n`);
  return path;
};

/** A small tokenizer with a chat template, in a folder as models have it; train.py puts a tiny model beside it. */
function smallTokenizer(): string {
  const folder = join(work, 'model');
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'test/fixtures/tokenizers/bytes-qwen.json'), join(folder, 'tokenizer.json'));
  const config = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    eos_token: '<|im_end|>',
    pad_token: '<|endoftext|>',
    chat_template: readFileSync(join(root, 'src/core/template/bundled/chatml.jinja'), 'utf8'),
  };
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
  return folder;
}

/** Ids and trained tokens as the inspector shows them: from the detail of each row, not from what makes the Arrow file. */
async function screen(path: string, settings: Settings, service: LensService): Promise<object[]> {
  const rows = readFileSync(path, 'utf8').split('\n');
  const format = await service.detect(rows, settings);
  const shown = await Promise.all(rows.map((row) => (row === '' ? null : service.detail(row, settings, format))));
  return shown.flatMap((detail, i) => {
    const part = detail?.parts[0];
    if (!part) return [];
    const ids = [...part.ids.subarray(0, settings.maxLength)];
    const trained = [...part.trained.subarray(0, settings.maxLength)];
    return trained.includes(1) ? [{ line: i + 1, ids, trained }] : [];
  });
}

async function dataset(
  name: string,
  method: Method,
  files: { readonly train: string; readonly eval: string | null },
  settings: Settings,
  service: LensService,
): Promise<void> {
  const folder = join(work, 'data', name);
  const handoff = await handOff(
    {
      method,
      train: { path: files.train, settings },
      eval: files.eval === null ? null : { path: files.eval, settings },
      folder,
      watch: [1, 3],
    },
    service,
  );
  const spec = withDefaults({ model: TINY_MODEL, method, data: { train: files.train, eval: files.eval } });
  writeFileSync(join(folder, 'spec.json'), JSON.stringify({ ...specFor(spec, settings, handoff), prompts: 0 }));
  const shown = method === 'full' ? await screen(files.train, settings, service) : [];
  writeFileSync(join(folder, 'screen.jsonl'), shown.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

async function main(): Promise<number> {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, 'data'), { recursive: true });
  const service = createService({
    worker: join(root, 'dist/worker.cjs'),
    assets: join(root, 'dist/assets'),
    threads: 2,
  });
  try {
    const tokenizer = smallTokenizer();
    const small: Settings = { ...DEFAULT_SETTINGS, tokenizer, maxLength: 128 };
    const train = write(join(work, 'train.jsonl'), chats(70, 1));
    const held = write(join(work, 'eval.jsonl'), chats(21, 2));
    await dataset('small', 'full', { train, eval: held }, small, service);
    await dataset(
      'long',
      'full',
      { train: write(join(work, 'long.jsonl'), chats(400, 3)), eval: null },
      small,
      service,
    );
    // Everything trained: TRL's own rule for preferences.
    const plain: Settings = { ...small, mask: 'full' };
    const pairs = {
      train: write(join(work, 'pairs.jsonl'), pairRows(4, 24)),
      eval: write(join(work, 'pairs-eval.jsonl'), pairRows(5, 6)),
    };
    await dataset('dpo', 'dpo', pairs, plain, service);
    const rated = {
      train: write(join(work, 'rated.jsonl'), ratedRows(6, 24)),
      eval: write(join(work, 'rated-eval.jsonl'), ratedRows(7, 6)),
    };
    await dataset('kto', 'kto', rated, plain, service);
    const few = write(join(work, 'few.jsonl'), chats(16, 8));
    const shown: Settings = { ...DEFAULT_SETTINGS, maxLength: 200 };
    await dataset('screen-qwen3', 'full', { train: few, eval: null }, shown, service);
    for (const name of ['smollm', 'minimind']) {
      const folder = join(data, 'tokenizers', name);
      if (!existsSync(folder)) console.log(`skipped: ${folder} is not here`);
      else {
        const settings: Settings = { ...shown, tokenizer: folder, chatTemplate: 'bundled:chatml' };
        await dataset(`screen-${name}`, 'full', { train: few, eval: null }, settings, service);
      }
    }
  } finally {
    service.dispose();
  }
  return run(python, join(root, 'test/parity/trainer/main.py'), [work, ...process.argv.slice(2)], root);
}

process.exitCode = await main();
