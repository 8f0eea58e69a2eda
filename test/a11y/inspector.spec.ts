// The inspector for people who see little, use the keyboard alone, or listen.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  axeViolations,
  openWorkbench,
  root,
  type Theme,
  themes,
  until,
  type Workbench,
  webviewInTheme,
} from '../e2e/workbench.ts';

/** Panel widths in CSS pixels, with the window that gives them: half of what is right of the activity bar. */
const windows = { narrow: { width: 1088, height: 900 }, wide: { width: 1848, height: 900 } };

const strict = `{{ raise_exception("System role not supported") if messages[0].role == "system" }}`;
const row = (...turns: readonly (readonly [string, string])[]) =>
  `${JSON.stringify({ messages: turns.map(([role, content]) => ({ role, content })) })}\n`;
const talk = row(['system', 'Be brief.'], ['user', 'When do you open?'], ['assistant', 'At nine, Monday to Saturday.']);

const openInspector = async (workbench: Workbench, file: string): Promise<void> => {
  await workbench.runCommand('View: Close Primary Side Bar');
  await workbench.openFile(file, 1, 1);
  await workbench.runCommand('SFT Lens: Inspect Row');
  await workbench.inspector().locator('.rendered .tok').first().waitFor({ timeout: 30_000 });
};

/** What axe finds and what does not fit, theme by theme. */
async function faults(workbench: Workbench, view: string, among: readonly Theme[]): Promise<string[]> {
  const found: string[] = [];
  for (const theme of among) {
    await workbench.setTheme(theme);
    const frame = await workbench.inspectorFrame();
    await webviewInTheme(frame, theme);
    found.push(...(await axeViolations(frame)).map((violation) => `${view}, ${theme}: ${violation}`));
    if (await frame.evaluate(() => document.documentElement.scrollWidth > innerWidth))
      found.push(`${view}, ${theme}: the page scrolls sideways`);
  }
  return found;
}

const everyTheme = Object.keys(themes) as Theme[];

describe('a trusted folder', () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await openWorkbench({
      name: 'a11y',
      workspace: join(root, 'samples'),
      files: {
        'strict/sft-lens.json': JSON.stringify({ tokenizer: 'bundled:qwen3', chatTemplate: './strict.jinja' }),
        'strict/strict.jinja': strict,
        'strict/refused.jsonl': talk,
      },
      size: windows.narrow,
    });
    await openInspector(workbench, 'support.jsonl');
  });
  afterAll(() => workbench?.close());

  const view = () => workbench.inspector();
  const tab = (name: string) => view().getByRole('tab', { name }).click();
  /** From wherever the focus is back to the editor, as a person would. */
  const toEditor = async () => {
    await view().locator('body').press('Escape');
    await workbench.page.locator('.editor-group-container.active .monaco-editor.focused').waitFor();
  };
  const openRow = async (file: string, shows: RegExp) => {
    await toEditor();
    await workbench.openFile(file, 1, 1);
    await until(`${shows} in the inspector`, async () => shows.test(await view().locator('body').innerText()), 20_000);
  };

  describe('axe', () => {
    const scenes: readonly (readonly [string, () => Promise<void>])[] = [
      ['rendered', () => tab('Rendered')],
      ['tokens', () => tab('Tokens')],
      ['messages', () => tab('Messages')],
      [
        'preference',
        async () => {
          await tab('Rendered');
          await openRow('formats/preference.jsonl', /Chosen[\s\S]*Rejected/);
        },
      ],
      ['invalid JSON', () => openRow('problems.jsonl', /comma is missing/)],
      ['template raises', () => openRow('strict/refused.jsonl', /System role not supported/)],
    ];

    it.each(scenes)('finds nothing in a narrow panel: %s', async (name, show) => {
      await show();
      expect(await faults(workbench, name, everyTheme)).toEqual([]);
    });

    it('finds nothing in a wide panel', async () => {
      await workbench.setTheme('dark');
      await openRow('support.jsonl', /Row 1\s+of 20/);
      await workbench.page.setViewportSize(windows.wide);
      const found: string[] = [];
      for (const name of ['Tokens', 'Messages', 'Rendered']) {
        await tab(name);
        found.push(...(await faults(workbench, name, ['dark', 'high-contrast-light'])));
      }
      expect(found).toEqual([]);
    });
  });

  describe('keys', () => {
    let frame: Frame;
    beforeAll(async () => {
      frame = await workbench.inspectorFrame();
      await frame.locator('.rendered').focus();
    });
    const press = (key: string) => workbench.press(key);
    const spoken = async () => (await frame.locator('[role=status]').textContent()) ?? '';
    const tokenLine = async () => (await frame.locator('.tokenline').innerText()).replaceAll(/\s+/g, ' ');
    const place = async () => Number(/Token ([\d,]+) of/.exec(await tokenLine())?.[1]?.replace(',', ''));
    const heading = async () => (await frame.locator('h2').first().innerText()).replaceAll(/\s+/g, ' ');

    it('left, right, Home and End move by token, and each token is one sentence', async () => {
      await press('Home');
      expect(await place()).toBe(1);
      for (let token = 2; token <= 6; token++) {
        const before = await spoken();
        await press('ArrowRight');
        expect(await place()).toBe(token);
        expect(await spoken()).toMatch(/^.+, id \d+, (Trained|Not trained|Trained, check|Cut)\. [A-Z].*\.$/s);
        expect(await spoken()).not.toBe(before);
      }
      await press('ArrowLeft');
      expect(await place()).toBe(5);
      await press('End');
      const total = Number(/of ([\d,]+)/.exec(await tokenLine())?.[1]?.replace(',', ''));
      expect(await place()).toBe(total);
    });

    it('Ctrl and left or right move to the next change of the mask', async () => {
      await press('Home');
      await press('Control+ArrowRight');
      expect(await tokenLine()).toMatch(/ Trained · /);
      await press('Control+ArrowRight');
      expect(await tokenLine()).toMatch(/ Not trained · /);
      await press('Control+ArrowLeft');
      expect(await tokenLine()).toMatch(/ Trained · /);
    });

    it('up and down move by turn', async () => {
      await press('Home');
      await press('ArrowDown');
      expect(await spoken()).toContain('<|im_start|>');
      const second = await place();
      await press('ArrowDown');
      expect(await place()).toBeGreaterThan(second);
      await press('ArrowUp');
      expect(await place()).toBe(second);
    });

    it('W shows and hides whitespace', async () => {
      const button = (pressed: boolean) => frame.getByRole('button', { name: 'Show whitespace', pressed });
      await press('w');
      await button(true).waitFor({ timeout: 3_000 });
      expect(await frame.locator('.rendered').innerText()).toContain('You·work');
      await press('w');
      await button(false).waitFor({ timeout: 3_000 });
    });

    it('Alt and Page Down or Page Up go to the neighboring row', async () => {
      await press('Alt+PageDown');
      await until('row 2', async () => /^Row 2 /.test(await heading()));
      await frame.locator('.rendered').focus();
      await press('Alt+PageUp');
      await until('row 1', async () => /^Row 1 /.test(await heading()));
    });

    it('F8 and Shift F8 go from problem to problem, and the focus stays', async () => {
      await openRow('problems.jsonl', /comma is missing/);
      await frame.getByRole('button', { name: 'Next row' }).focus();
      const goes = (key: string, to: RegExp) =>
        until(`${key} to ${to}`, async () => {
          await press(key);
          await workbench.page.waitForTimeout(300);
          return to.test(await heading());
        });
      await goes('F8', /^Row 2 /);
      await goes('Shift+F8', /^Row 1 /);
      expect(await frame.evaluate(() => document.hasFocus())).toBe(true);
      await openRow('support.jsonl', /Row 1\s+of 20/);
    });

    it('Enter goes to the place in the JSON, Escape back to the editor', async () => {
      await frame.locator('.rendered').focus();
      await press('Home');
      await press('Control+ArrowRight');
      await press('Control+ArrowRight');
      await press('ArrowLeft');
      await press('Enter');
      const focused = workbench.page.locator('.editor-group-container.active .monaco-editor.focused');
      await focused.waitFor();
      const { line, column } = await until('the place', async () => {
        const cursor = await workbench.cursor();
        return cursor.column > 1 ? cursor : null;
      });
      const text = readFileSync(join(workbench.folder, 'support.jsonl'), 'utf8').split('\n')[line - 1] ?? '';
      expect(column).toBeLessThanOrEqual(text.length);
      await frame.locator('.rendered').focus();
      await until('no focus in the editor', async () => (await focused.count()) === 0);
      await press('Escape');
      await focused.waitFor();
    });

    it('arrow keys move from tab to tab', async () => {
      await frame.getByRole('tab', { name: 'Rendered' }).focus();
      await press('ArrowRight');
      await frame.locator('.tokens .chip').first().waitFor();
      await press('ArrowLeft');
      await frame.locator('.rendered .tok').first().waitFor();
    });
  });

  describe('names', () => {
    it('turns are sections that say number, role and what is trained', async () => {
      await openRow('support.jsonl', /Row 1\s+of 20/);
      const names = await view()
        .locator('.rendered section')
        .evaluateAll((sections) => sections.map((section) => section.getAttribute('aria-label')));
      expect(names).toHaveLength(7);
      expect(names[0]).toMatch(/^Turn 1, system, \d+ tokens$/);
      expect(names[4]).toMatch(/^Turn 5, assistant, \d+ of \d+ trained$/);
    });

    it('what is drawn is said: context window, views, controls', async () => {
      const shown = view();
      expect(await shown.locator('[role=img]').first().getAttribute('aria-label')).toMatch(
        /^Context window: \d+ tokens, \d+ trained, none cut at 512\./,
      );
      for (const name of ['Previous row', 'Next row', 'Follow the cursor', 'Show whitespace'])
        expect(await shown.getByRole('button', { name }).count(), name).toBe(1);
      for (const label of ['Format', 'Tokenizer', 'Chat template', 'Loss mask', 'Max length'])
        expect(await shown.getByRole('combobox', { name: label, exact: true }).count(), label).toBe(1);
      expect(await shown.getByRole('tab').count()).toBe(4);
    });
  });

  it('nothing is written into the console', () => {
    expect(workbench.consoleErrors).toEqual([]);
  });
});

describe('a folder without trust', () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await openWorkbench({
      name: 'a11y-restricted',
      files: {
        'rows.jsonl': talk,
        'sft-lens.json': '{"tokenizer": "./model", "chatTemplate": "./own.jinja"}',
        'own.jinja': strict,
        'model/tokenizer.json': '{}',
      },
      trust: false,
      size: windows.narrow,
    });
    await openInspector(workbench, 'rows.jsonl');
  });
  afterAll(() => workbench?.close());

  it('axe finds nothing, and the way to trust is offered', async () => {
    const view = workbench.inspector();
    await view.getByText('Manage trust').waitFor({ timeout: 10_000 });
    expect(await faults(workbench, 'restricted', everyTheme)).toEqual([]);
  });
});
