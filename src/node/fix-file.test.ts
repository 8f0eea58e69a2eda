import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Edit, Problem } from '../core/checks/problem.ts';
import { applyFixes } from './fix-file.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sft-lens-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const problem = (...edits: Edit[]): Problem => ({
  code: 'roles/unknown',
  severity: 'error',
  message: '',
  pointer: '',
  range: [0, 1],
  fixes: [{ scope: 'row', title: 'Change', edits }],
});

it('changes only the edited characters, CRLF and BOM included', async () => {
  const path = join(folder, 'a.jsonl');
  writeFileSync(path, '\uFEFF{"r":"asistant"}\r\n\r\n{"r":"x",  "k":1.0}\r\n');
  const fixed = await applyFixes(path, new Map([[1, [problem({ range: [6, 14], text: 'assistant' })]]]));
  expect(fixed).toBe(1);
  expect(readFileSync(path, 'utf8')).toBe('\uFEFF{"r":"assistant"}\r\n\r\n{"r":"x",  "k":1.0}\r\n');
});

it('leaves a second fix of the same place for the next run', async () => {
  const path = join(folder, 'b.jsonl');
  writeFileSync(path, '{"a":1}\n');
  const same = problem({ range: [5, 6], text: '2' });
  expect(await applyFixes(path, new Map([[1, [same, same]]]))).toBe(1);
  expect(readFileSync(path, 'utf8')).toBe('{"a":2}\n');
});

it('touches no file whose bytes would not come back', async () => {
  const path = join(folder, 'c.jsonl');
  const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}\n')]);
  writeFileSync(path, bytes);
  expect(await applyFixes(path, new Map([[1, [problem({ range: [2, 3], text: 'b' })]]]))).toBe(0);
  expect(readFileSync(path).equals(bytes)).toBe(true);
});
