// Tokens for a trainer as a person exports them: the command, a trainer, a folder, and what is said then.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorkbench, until, type Workbench } from './workbench.ts';

const row = (question: string, answer: string) =>
  `${JSON.stringify({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
  })}\n`;

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench({
    name: 'export',
    files: { 'sft-lens.json': '{\n  "mask": "axolotl"\n}\n', 'rows.jsonl': row('Is my bike done?', 'Not yet.') },
  });
  await workbench.openFile('rows.jsonl');
});
afterAll(() => workbench?.close());

const box = () => workbench.quickInput();
const choices = () => workbench.page.locator('.quick-input-list .monaco-list-row');
const exported = () => join(workbench.folder, 'rows-tokens/rows.jsonl');
const lines = () => readFileSync(exported(), 'utf8').trim().split('\n').length;

/** To the folder's dialog, for axolotl. */
async function exportForAxolotl(): Promise<void> {
  await workbench.runCommand('SFT Lens: Export Tokens…');
  await choices().filter({ hasText: 'axolotl' }).click();
  await until('the folder', async () => (await box().inputValue()).startsWith(workbench.folder));
}

it('offers the trainer of the mask first, and says what each is given', async () => {
  await workbench.runCommand('SFT Lens: Export Tokens…');
  await choices().first().waitFor();
  const labels = await choices().locator('.label-name').allInnerTexts();
  expect(labels).toEqual(['axolotl', 'TRL and others', 'LLaMA-Factory', 'torchtune']);
  await workbench.screenshot('export-trainer');
  await workbench.press('Escape');
});

it('writes into the chosen folder and shows how to train on it', async () => {
  await exportForAxolotl();
  await workbench.screenshot('export-folder');
  await workbench.press('Enter');
  await until('the tokens', async () => existsSync(exported()));
  expect(lines()).toBe(1);
  const told = await workbench.notification('Exported');
  expect(await told.innerText()).toMatch(
    /Exported 1 row to rows-tokens\/rows\.jsonl: \d+ tokens of Qwen3, \d+ trained/i,
  );
  await workbench.screenshot('export-done');
  await told.getByText('Show How to Train').click();
  const preview = workbench.page.frameLocator('iframe.webview.ready').last().frameLocator('iframe#active-frame');
  await preview.getByRole('heading', { name: /axolotl/i }).waitFor();
  await workbench.screenshot('export-how');
});

it('asks before it replaces an earlier export', async () => {
  await workbench.openFile('rows.jsonl', 2);
  await workbench.focusEditor();
  await workbench.type(row('And now?', 'Tomorrow.'));
  const dialog = workbench.page.locator('.monaco-dialog-box');
  await exportForAxolotl();
  await workbench.press('Enter');
  await dialog.filter({ hasText: 'Replace rows-tokens/rows.jsonl?' }).waitFor();
  await workbench.screenshot('export-replace');
  await dialog.getByText('Cancel').click();
  expect(lines()).toBe(1);
  await exportForAxolotl();
  await workbench.press('Enter');
  await dialog.getByText('Replace', { exact: true }).click();
  await until('both rows', async () => existsSync(exported()) && lines() === 2);
});
