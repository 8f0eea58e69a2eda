// The inspector as a part of the window: it keeps its group, and it comes back after a reload.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, root, until, type Workbench } from './workbench.ts';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench({ name: 'panel', workspace: join(root, 'samples') });
  await workbench.openFile('support.jsonl', 2, 1);
  await workbench.runCommand('SFT Lens: Inspect Row');
  await workbench.inspector().locator('.rendered .tok').first().waitFor({ timeout: 30_000 });
});
afterAll(() => workbench?.close());

const heading = () => workbench.inspector().locator('h2').first().innerText();
const groups = () => workbench.page.locator('.editor-group-container');
const tabs = (group: number) =>
  groups()
    .nth(group)
    .locator('.tab')
    .evaluateAll((all) => all.map((tab) => tab.textContent?.trim()));

describe('the panel', () => {
  it('keeps its group: a file that is opened from there opens beside it', async () => {
    await workbench.inspector().locator('.rendered').click();
    await workbench.page.locator('.explorer-viewlet').getByText('problems.jsonl', { exact: true }).dblclick();
    await until('the file in the first group', async () => (await tabs(0)).join().includes('problems.jsonl'));
    expect(await groups().count()).toBe(2);
    expect(await tabs(1)).toEqual(['Row inspector']);
    expect(await workbench.inspector().locator('h2').first().isVisible()).toBe(true);
  });

  it('comes back after a reload with the row of the cursor', async () => {
    await workbench.openFile('support.jsonl', 4, 1);
    await until('row 4', async () => /Row 4\s/.test(await heading()));
    // A reload of the page alone may outrun VS Code's keeping of its state.
    const reloaded = workbench.page.waitForEvent('load', { timeout: 30_000 });
    await workbench.runCommand('Developer: Reload Window');
    await reloaded;
    await workbench.page.locator('.monaco-workbench .statusbar').waitFor({ timeout: 60_000 });
    await workbench.inspector().locator('.rendered .tok').first().waitFor({ timeout: 40_000 });
    await until('row 4', async () => /Row 4\s/.test(await heading()));
    expect(await tabs(1)).toEqual(['Row inspector']);
  });
});
