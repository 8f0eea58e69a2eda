import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../core/config.ts';
import { Engines } from './engines.ts';

const fixture = resolve(import.meta.dirname, '../../test/fixtures/tokenizers/bytes-qwen.json');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sft-lens-'));
  for (const name of ['a', 'b', 'c', 'd']) {
    mkdirSync(join(folder, name));
    cpSync(fixture, join(folder, name, 'tokenizer.json'));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const settings = (tokenizer: string, maxLength = 100): Settings => ({
  ...DEFAULT_SETTINGS,
  chatTemplate: 'bundled:chatml',
  tokenizer: join(folder, tokenizer),
  maxLength,
});
const names = (engines: Engines): readonly string[] =>
  engines.prepared.map((key) => {
    const { tokenizer, maxLength } = JSON.parse(key) as Settings;
    return `${tokenizer.at(-1)}${maxLength}`;
  });

it('a tokenizer is loaded once, and the latest few stay', async () => {
  const engines = new Engines('');
  const [first, other] = await Promise.all([engines.get(settings('a')), engines.get(settings('a', 200))]);
  expect(other.engine.bundle).toBe(first.engine.bundle);
  for (const name of ['b', 'c']) await engines.get(settings(name));
  expect(names(engines)).toEqual(['a100', 'a200', 'b100', 'c100']);
  await engines.get(settings('a'));
  await engines.get(settings('d'));
  expect(names(engines)).toEqual(['a200', 'c100', 'a100', 'd100']);
  expect((await engines.get(settings('a'))).engine).toBe(first.engine);
  await engines.get(settings('b'));
  expect(names(engines)).toEqual(['a200', 'd100', 'a100', 'b100']);
  for (let i = 0; i < 9; i++) await engines.get(settings('d', 300 + i));
  expect(engines.prepared).toHaveLength(8);
});
