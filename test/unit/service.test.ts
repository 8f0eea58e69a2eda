// The analysis with its real workers: what one row does to the others.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../src/core/config.ts';
import type { LensService } from '../../src/core/service-types.ts';
import { Aborted, createService } from '../../src/node/service.ts';

const root = resolve(import.meta.dirname, '../..');
const worker = join(root, 'dist/worker.cjs');
const assets = join(root, 'dist/assets');

let folder = '';
let service: LensService;
const start = (threads: number): LensService => (service = createService({ worker, assets, threads }));

beforeAll(() => {
  if (!existsSync(worker)) throw new Error('dist/worker.cjs is missing: run npm run build');
  folder = mkdtempSync(join(tmpdir(), 'sft-lens-'));
});
afterEach(() => service?.dispose());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SETTINGS: Settings = { ...DEFAULT_SETTINGS, chatTemplate: 'bundled:chatml' };
const chat = (question: string, answer = 'Yes.') =>
  JSON.stringify({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
  });
const summaries = (rows: readonly string[], settings = SETTINGS, options = {}) =>
  service.summarize(rows, settings, 'messages', options);
/** A template in a file of its own. */
const template = (name: string, source: string): Settings => {
  const path = join(folder, `${name}.jinja`);
  writeFileSync(path, source);
  return { ...SETTINGS, chatTemplate: path };
};
/** Far more than is analysed in this time, which is enough for any other row. */
const ENDLESS = JSON.stringify({ text: 'word '.repeat(12_000_000) });
const ROW_LIMIT = 700;

describe('a row that never ends', () => {
  const startStrict = (): LensService => (service = createService({ worker, assets, threads: 1, rowLimit: ROW_LIMIT }));

  it('is told of alone, and the others of its batch are analysed', async () => {
    startStrict();
    const rows = [chat('One?'), chat('Two?'), ENDLESS, chat('Four?')];
    const found = await summaries(rows);
    expect(found.map(({ problems }) => problems.map(({ code }) => code).includes('template/limit'))).toEqual([
      false,
      false,
      true,
      false,
    ]);
    expect(found[2]?.problems).toHaveLength(1);
    expect(found[2]?.problems[0]?.message).toContain('took longer than 0.7 seconds and was stopped');
    expect(found.filter(({ counts }) => counts.tokens > 0)).toHaveLength(3);
  }, 40_000);

  it('leaves the worker to others afterwards', async () => {
    startStrict();
    const detail = await service.detail(ENDLESS, SETTINGS, 'messages');
    expect([detail.parts, detail.problems[0]?.code]).toEqual([[], 'template/limit']);
    expect((await service.detail(chat('b'), SETTINGS, 'messages')).parts).toHaveLength(1);
  }, 40_000);
});

describe('rows at the limit of a template', () => {
  it('each get a sentence, and one that someone looks at does not wait for the rest', async () => {
    start(1);
    const slow = template(
      'slow',
      '{% for i in range(100000) %}{% for j in range(100000) %}{% set x = i * j %}{% endfor %}{% endfor %}',
    );
    const stop = new AbortController();
    const rest = summaries(
      Array.from({ length: 100 }, (_, i) => chat(`Question ${i}?`)),
      slow,
      {
        signal: stop.signal,
      },
    ).catch((error: unknown) => error);
    // The first turn is under way.
    await new Promise((go) => setTimeout(go, 1000));
    const begin = performance.now();
    const [seen] = await summaries([chat('Now?')], slow, { urgent: true });
    const time = performance.now() - begin;
    stop.abort();
    expect(await rest).toBeInstanceOf(Aborted);
    expect(seen?.problems.map(({ code }) => code)).toContain('template/limit');
    expect(seen?.problems[0]?.message).toMatch(/takes too many steps/);
    expect(time).toBeLessThan(4_000);
  }, 40_000);
});

describe('many rows', () => {
  it('come back in their order, whatever batch they were in', async () => {
    start(2);
    const words = Array.from({ length: 700 }, (_, i) => 'word '.repeat(1 + (i % 37)).trim());
    const tokens = (await summaries(words.map((text) => chat(text)))).map(({ counts }) => counts.tokens);
    const [base = 0] = tokens;
    expect(tokens).toEqual(words.map((_, i) => base + (i % 37)));
  });

  it('give way to those that someone looks at', async () => {
    start(1);
    const order: string[] = [];
    const long = Array.from({ length: 3000 }, (_, i) => chat(`Question ${i}? ${'more '.repeat(50)}`));
    const all = summaries(long).then(() => order.push('all'));
    await summaries([chat('First?')], SETTINGS, { urgent: true }).then(() => order.push('urgent'));
    await all;
    expect(order).toEqual(['urgent', 'all']);
  });

  it('stop when nobody wants them any more', async () => {
    start(1);
    const stop = new AbortController();
    const long = Array.from({ length: 5000 }, (_, i) => chat(`Question ${i}?`));
    const all = summaries(long, SETTINGS, { signal: stop.signal });
    stop.abort();
    await expect(all).rejects.toBeInstanceOf(Aborted);
    await expect(summaries(long, SETTINGS, { signal: stop.signal })).rejects.toBeInstanceOf(Aborted);
    expect(await summaries([chat('Still there?')])).toHaveLength(1);
  });

  it('may be none', async () => {
    start(1);
    expect(await summaries([])).toEqual([]);
  });
});

describe('a worker that dies', () => {
  it('takes only the row with it that killed it', async () => {
    // The built worker, but for one word at which it ends.
    const path = join(folder, 'mortal.cjs');
    writeFileSync(
      path,
      `const { parentPort } = require('node:worker_threads');
       parentPort.on('message', ({ type, body }) => {
         if (type === 'summarize' && body.rows.some((row) => row.includes('DIE'))) process.exit(7);
       });
       require(${JSON.stringify(worker)});`,
    );
    service = createService({ worker: path, assets, threads: 1 });
    const found = await summaries([chat('One?'), chat('DIE'), chat('Three?')]);
    expect(found.map(({ counts }) => counts.tokens > 0)).toEqual([true, false, true]);
    expect(found[1]?.problems.map(({ code, message }) => [code, message])).toEqual([
      ['internal/check', 'SFT Lens failed on this row: exit code 7. Report it with the row.'],
    ]);
    expect(await summaries([chat('Again?')])).toHaveLength(1);
  });

  it('is told of when it cannot even start', async () => {
    service = createService({ worker: join(folder, 'missing.cjs'), assets, threads: 1 });
    const [found] = await summaries([chat('One?')]);
    expect(found?.problems[0]?.code).toBe('internal/check');
    await expect(service.resolve(SETTINGS)).rejects.toThrow(/The analysis stopped/);
  });
});
