import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { hashOf, linesOf } from './file-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'sft-lens-lines-'));
const path = join(folder, 'rows.jsonl');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('reads some lines of a file', async () => {
  writeFileSync(path, 'one\r\ntwo\n\nfour äöü\nlast');
  expect([...(await linesOf(path, [4, 1, 5, 9], 100))]).toEqual([
    [1, 'one'],
    [4, 'four äöü'],
    [5, 'last'],
  ]);
});

it('cuts long lines, also in the middle of a character and across chunks', async () => {
  writeFileSync(path, `${'x'.repeat((1 << 20) - 2)}\n${'ä'.repeat(2000)}\nend\n`);
  const lines = await linesOf(path, [2, 3], 11);
  expect(lines.get(2)).toBe('äääää');
  expect(lines.get(3)).toBe('end');
});

it('hashes anew what changed', async () => {
  writeFileSync(path, 'a');
  const first = await hashOf(path);
  writeFileSync(path, 'b');
  utimesSync(path, 1, 1);
  expect(await hashOf(path)).not.toBe(first);
  expect(await hashOf(join(folder, 'missing'))).toBeNull();
});
