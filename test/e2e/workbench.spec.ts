import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorkbench, type Theme, themes, until, type Workbench } from './workbench.ts';

let workbench: Workbench;
const row = '{"messages": [{"role": "user", "content": "hi"}]}\n';

beforeAll(async () => {
  workbench = await openWorkbench({ name: 'workbench', files: { 'data/rows.jsonl': row.repeat(5) } });
});
afterAll(() => workbench?.close());

it('opens a file at a place, and the extension activates', async () => {
  await workbench.openFile('data/rows.jsonl', 3, 14);
  expect(await workbench.cursor()).toEqual({ line: 3, column: 14 });
  await until('activation', async () => workbench.activatedExtensions().includes('sft-lens.sft-lens'));
});

it('types into the editor and leaves the original alone', async () => {
  await workbench.openFile('data/rows.jsonl', 1, 1);
  await workbench.type('{"x": 1}');
  expect(await workbench.visibleText()).toContain('{"x": 1}{"messages"');
  expect(readFileSync(join(workbench.folder, 'data/rows.jsonl'), 'utf8')).toBe(row.repeat(5));
  await workbench.runCommand('Undo');
});

it.each(Object.keys(themes) as Theme[])('shows the theme %s', async (theme) => {
  await workbench.setTheme(theme);
  await workbench.screenshot(`workbench-${theme}`);
});
