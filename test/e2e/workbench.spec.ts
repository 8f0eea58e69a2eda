import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, type Theme, themes, until, type Workbench } from './workbench.ts';

let workbench: Workbench;
/** Rows that the extension has nothing to say about. */
const rows = ['one', 'two', 'three', 'four', 'five']
  .map((n) => `{"messages": [{"role": "user", "content": "${n}?"}, {"role": "assistant", "content": "${n}."}]}\n`)
  .join('');

beforeAll(async () => {
  workbench = await openWorkbench({
    name: 'workbench',
    files: {
      'sft-lens.json': '{"chatTemplate": "bundled:chatml"}',
      'data/rows.jsonl': rows,
      'bad.json': '{"a": 1,\n "b": }\n',
    },
  });
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
  expect(readFileSync(join(workbench.folder, 'data/rows.jsonl'), 'utf8')).toBe(rows);
  await workbench.runCommand('File: Revert File');
});

describe('what the tests see with, tried on the JSON support of VS Code itself', () => {
  it('squiggles and problems', async () => {
    await workbench.openFile('bad.json');
    await until('a squiggle', async () => (await workbench.squiggles()).error > 0);
    await until('one error', async () => {
      const { errors, warnings, infos } = await workbench.problemCounts();
      return errors === 1 && warnings === 0 && infos === 0;
    });
    expect((await workbench.problems()).join('\n')).toContain('Value expected');
  });

  it('hovers by keyboard and by mouse', async () => {
    await workbench.openFile('bad.json', 2, 7);
    expect(await workbench.hoverAtCursor()).toContain('Value expected');
    await workbench.press('Escape');
    await workbench.goTo(1);
    expect(await workbench.hoverOver('}')).toContain('Value expected');
  });

  it('commands and the status bar', async () => {
    expect(await workbench.paletteTitles('Undo')).toContain('Undo');
    expect(await workbench.statusBar()).toContain('JSON');
  });
});

it.each(Object.keys(themes) as Theme[])('shows the theme %s', async (theme) => {
  await workbench.setTheme(theme);
  await workbench.screenshot(`workbench-${theme}`);
});
