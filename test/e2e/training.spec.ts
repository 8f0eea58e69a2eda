// Training as a person does it, by the palette: make a spec, start it, watch the loss fall, click a point and land on its
// rows, stop with a checkpoint, resume, finish, and read the answers before and after. The trainer is the real one, on CPU.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { places } from '../../scripts/setup.mjs';
import {
  dashboard as dashboardOf,
  headline as headlineOf,
  untilHeadline as headlineThatSays,
  shownAfter,
} from './run-pages.ts';
import { axeViolations, openWorkbench, root, until, type Workbench, webviewInTheme } from './workbench.ts';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench({
    name: 'training',
    workspace: join(root, 'samples'),
    // The environment of the trainer, which `npm test` has made: without it the run would make its own.
    settings: { 'sftLens.python': places.trainer },
    size: { width: 1600, height: 1000 },
  });
});
afterAll(() => workbench?.close());

/** Each part needs the one before. */
let broken = false;
beforeEach(({ skip }) => skip(broken, 'an earlier part failed'));
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  broken = true;
  await workbench.screenshot('training-failed');
});

/** The page of the dashboard. */
const dashboard = (): Promise<Frame> => until('the dashboard', () => dashboardOf(workbench), 30_000);
const headline = (): Promise<string> => headlineOf(workbench);
const untilHeadline = (what: RegExp, timeout: number) => headlineThatSays(workbench, what, timeout);
/** Where runs on this computer lie. */
const workdir = () => join(workbench.folder, '../data/User/globalStorage/sft-lens.sft-lens/runs');

/** The first offered entry of a quick pick with this text, or what was typed. */
async function pick(title: string, text: string): Promise<void> {
  const { page } = workbench;
  const widget = page.locator('.quick-input-widget:not([style*="display: none"])');
  await widget.locator('.quick-input-title', { hasText: title }).waitFor({ timeout: 20_000 });
  await widget.locator('.quick-input-box input').fill(text);
  // The list narrows a moment after the text is there, and Enter takes the row that has the focus.
  await widget.locator('.monaco-list-row.focused', { hasText: text }).first().waitFor({ timeout: 20_000 });
  await page.keyboard.press('Enter');
}

describe('a training run', () => {
  it('gets its spec by three answers', async () => {
    await workbench.openFile('support.jsonl', 1, 1);
    await until('the status bar', async () => /\d+ tokens/.test((await workbench.statusBar()).join()), 30_000);
    await workbench.runCommand('SFT Lens: New Training Run…');
    await pick('Which model is tuned?', 'bundled:tiny');
    await pick('How is it trained?', 'Full');
    await workbench.page.locator('.tab.active[data-resource-name="support-full.sftrun.json"]').waitFor();
    const lens = workbench.page.locator('.codelens-decoration');
    await until('the lens', async () =>
      /Start.*Dry run.*Open dashboard/.test((await lens.first().textContent()) ?? ''),
    );
    expect(await workbench.visibleText()).toContain('"model": "bundled:tiny"');
    // More steps, so that there is something to stop; and a learning rate that a random model learns by.
    const path = join(workbench.folder, 'support-full.sftrun.json');
    const spec = {
      model: 'bundled:tiny',
      data: { train: 'support.jsonl', eval: 0.1 },
      method: 'full',
      args: {
        num_train_epochs: 8,
        learning_rate: 0.01,
        per_device_train_batch_size: 1,
        gradient_accumulation_steps: 1,
        eval_steps: 0.2,
      },
      target: 'local',
      compare: { prompts: 2, maxNewTokens: 16 },
    };
    writeFileSync(path, `${JSON.stringify(spec, null, 2)}\n`);
    await until('the new text', async () => (await workbench.visibleText()).includes('"num_train_epochs": 8'));
  });

  it('starts, and its loss falls while one looks', async () => {
    await workbench.runCommand('SFT Lens: Start Training Run');
    await untilHeadline(/Preparing|Running/, 30_000);
    await untilHeadline(/Running: step \d+ of \d+/, 120_000);
    const page = await dashboard();
    await until(
      'a falling loss',
      async () => {
        const match = /([\d.]+) → ([\d.]+)/.exec(await page.locator('body').innerText());
        return match !== null && Number(match[2]) < Number(match[1]) - 0.3;
      },
      120_000,
    );
    const delay = await shownAfter(workbench, workdir());
    console.log(`a step is shown ${delay.toFixed(0)} ms after it was written`);
    expect(delay).toBeLessThan(1_000);
    await workbench.screenshot('training-running');
    expect((await workbench.statusBar()).join(' | ')).toMatch(/\| \d+\.\d{2}/);
  }, 300_000);

  it('leads from a point of the plot to the rows of its step', async () => {
    const page = await dashboard();
    const plot = page.locator('[role="slider"]').first();
    await plot.focus();
    await workbench.press('Home');
    await workbench.press('Enter');
    const pane = page.locator('aside.batch');
    await pane.locator('ol.rows li').first().waitFor({ timeout: 20_000 });
    expect(await pane.locator('h2').innerText()).toMatch(/Step \d+/);
    const text = await pane.locator('ol.rows li button').first().innerText();
    const line = Number(/\d+/.exec(text.replace(/^\s*Line/, ''))?.[0]);
    await pane.locator('ol.rows li button').first().click();
    await workbench.page.locator('.tab.active[data-resource-name="support.jsonl"]').waitFor({ timeout: 20_000 });
    await until(`the cursor in line ${line}`, async () => (await workbench.cursor()).line === line);
    await workbench.screenshot('training-rows');
    // The dashboard gets its width back.
    await workbench.runCommand('View: Close Editor');
  });

  it('stops with a checkpoint and goes on from it', async () => {
    await workbench.runCommand('SFT Lens: Open Run Dashboard');
    await untilHeadline(/Running/, 30_000);
    await workbench.runCommand('SFT Lens: Stop Run with Checkpoint');
    await untilHeadline(/Stopped at step \d+/, 60_000);
    const stoppedAt = Number(/step (\d+)/.exec(await headline())?.[1]);
    await workbench.runCommand('SFT Lens: Resume Run');
    await until(
      'steps after the stop',
      async () => {
        const step = Number(/Running: step (\d+)/.exec(await headline())?.[1] ?? 0);
        return step > stoppedAt;
      },
      120_000,
    );
  }, 300_000);

  it('ends, and shows answers before and after', async () => {
    await untilHeadline(/^Ended: all \d+ steps/, 300_000);
    const page = await dashboard();
    await page.getByRole('tab', { name: /Before and after/ }).click();
    await until('the answers', async () => /Base/.test(await page.locator('main, body').first().innerText()), 60_000);
    await workbench.screenshot('training-compared');
    await page
      .getByRole('tab', { name: /Plots|Loss/ })
      .first()
      .click();
    for (const theme of ['light', 'high-contrast', 'high-contrast-light', 'dark'] as const) {
      await workbench.setTheme(theme);
      await webviewInTheme(page, theme);
      expect(await axeViolations(page)).toEqual([]);
      await workbench.screenshot(`training-${theme}`);
    }
  }, 400_000);
});
