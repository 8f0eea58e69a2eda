// Two masks compared in the window: the inspector's Diff, the file in a sentence, the list of rows, and the commands.
import { join } from 'node:path';
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
} from './workbench.ts';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench({ name: 'diff', workspace: join(root, 'samples') });
  await workbench.openFile('support.jsonl', 1, 1);
  await workbench.runCommand('SFT Lens: Compare Loss Masks');
  await workbench.inspector().locator('.pair .cell').first().waitFor({ timeout: 60_000 });
});
afterAll(() => workbench?.close());

const text = async (selector: string): Promise<string> =>
  (await workbench.inspector().locator(selector).first().innerText()).replace(/\s+/g, ' ');
const quickInput = () => workbench.page.locator('.quick-input-widget:visible');

describe('the Diff of the inspector', () => {
  it('says what differs, and why', async () => {
    expect(await text('.summary [role=status]')).toMatch(
      /^trl-assistant trains \d+ tokens more than axolotl: .*the line break after <\|im_end\|> of turns? /,
    );
    expect(await text('.stops > .num')).toMatch(/^Difference 1 of \d+$/);
    expect(await workbench.inspector().locator('.cell.first .d-on').count()).toBeGreaterThan(0);
  });

  it('counts the file in the background, and lists its rows', async () => {
    await until('the file is compared', async () =>
      /In the file the two differ on \d+ of \d+ rows\./.test(await text('.summary')),
    );
    await workbench.inspector().getByRole('button', { name: 'List the rows' }).click();
    await until('the list', async () => (await quickInput().locator('.quick-input-list .monaco-list-row').count()) > 1);
    expect(await quickInput().locator('.quick-input-title').innerText()).toMatch(/trl-assistant and axolotl: \d+ rows/);
    await workbench.page.keyboard.press('ArrowDown');
    const picked = await quickInput().locator('.monaco-list-row.focused .label-name').first().innerText();
    await workbench.page.keyboard.press('Enter');
    const row = /Row (\d+)$/.exec(picked)?.[1];
    await until('the row', async () => (await text('h2')).includes(`Row ${row} `));
    await workbench.inspector().locator('.pair .cell').first().waitFor();
  });

  it('goes from difference to difference by F7', async () => {
    await workbench
      .inspector()
      .locator('.scroll .pair')
      .click({ position: { x: 4, y: 4 } });
    await workbench.page.keyboard.press('F7');
    await until('the second', async () => /^Difference 2 of /.test(await text('.stops > .num')));
    await workbench.page.keyboard.press('Shift+F7');
    await until('the first', async () => /^Difference 1 of /.test(await text('.stops > .num')));
  });

  it('compares with what was meant', async () => {
    await workbench.inspector().getByLabel('Second mask').selectOption({ label: 'as intended' });
    await until('the sentence', async () => /trains what was meant/.test(await text('.summary [role=status]')));
    await until('the file', async () => /equal on all \d+ rows/.test(await text('.summary')));
    await workbench.inspector().getByLabel('Second mask').selectOption({ label: 'trl-default' });
    await until('the other', async () => /^trl-default trains/.test(await text('.summary [role=status]')));
  });

  it('has nothing that axe finds in four themes', { timeout: 180_000 }, async () => {
    const found: string[] = [];
    for (const theme of Object.keys(themes) as Theme[]) {
      await workbench.setTheme(theme);
      const frame = await workbench.inspectorFrame();
      await webviewInTheme(frame, theme);
      found.push(...(await axeViolations(frame)).map((violation) => `${theme}: ${violation}`));
      await workbench.screenshot(`diff-${theme}`);
    }
    expect(found).toEqual([]);
  });
});

it('lists the rows where two masks differ', async () => {
  await workbench.openFile('support.jsonl', 1, 1);
  await workbench.runCommand('SFT Lens: List Rows Where Loss Masks Differ');
  for (const mask of ['trl-assistant', 'axolotl']) {
    await quickInput().waitFor();
    await workbench.page.keyboard.type(mask);
    await until(mask, async () =>
      (await quickInput().locator('.monaco-list-row.focused').innerText()).startsWith(mask),
    );
    await workbench.page.keyboard.press('Enter');
  }
  await until('the list', async () =>
    /trl-assistant and axolotl: \d+ rows/.test(await quickInput().locator('.quick-input-title').innerText()),
  );
  await workbench.page.keyboard.press('Escape');
});
