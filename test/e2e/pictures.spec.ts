// Pictures of the product as a person sees it: for the eyes of whoever changes its looks, and for the README.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, root, type Theme, themes, until, type Workbench, webviewInTheme } from './workbench.ts';

/** The same rows with one misspelled role, in row 3. */
function withUnderlinedRole(): string {
  const lines = readFileSync(join(root, 'samples/support.jsonl'), 'utf8').split('\n');
  return lines.map((line, i) => (i === 2 ? line.replace('"role": "system"', '"role": "sytem"') : line)).join('\n');
}

/** Editor and inspector share the window, 48 px for the activity bar aside. */
const windowFor = (inspector: number, height: number) => ({ width: 2 * inspector + 48, height });

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench({
    name: 'pictures',
    workspace: join(root, 'samples'),
    files: { 'support.jsonl': withUnderlinedRole() },
    size: windowFor(730, 820),
  });
  await workbench.runCommand('View: Close Primary Side Bar');
  await workbench.openFile('support.jsonl', 1, 1);
  await workbench.runCommand('SFT Lens: Inspect Row');
  await workbench.inspector().locator('.rendered .tok').first().waitFor({ timeout: 30_000 });
  await until('the checks', async () => (await workbench.squiggles()).error > 0, 20_000);
});
afterAll(() => workbench?.close());

/** The values of the theme variables that the pages and their elements name. */
async function themeColors(): Promise<Record<string, string>> {
  const pages = ['inspector.css', 'inspector.js', 'run.css', 'run.js'];
  const built = pages.map((name) => readFileSync(join(root, 'dist/webview', name), 'utf8'));
  const names = [...new Set(built.join('').match(/--vscode-[\w-]+/g))].sort();
  const values = await (await workbench.inspectorFrame()).evaluate((all) => {
    const style = getComputedStyle(document.documentElement);
    return all.map((name) => style.getPropertyValue(name));
  }, names);
  return Object.fromEntries(names.map((name, i) => [name, values[i] ?? '']).filter(([, value]) => value !== ''));
}
const colors: Record<string, Record<string, string>> = {};

const inspectorShot = (name: string) =>
  workbench.page
    .locator('iframe.webview.ready')
    .last()
    .screenshot({ path: join(root, 'test-results/screenshots/pictures', `${name}.png`) });

/** The current token: a word of an answer, not the first mark of the row. */
async function chooseToken(): Promise<void> {
  await workbench
    .inspector()
    .locator('.rendered .m-trained')
    .filter({ hasText: /^ticket$/ })
    .first()
    .click();
  await workbench.page.mouse.move(0, 0);
  const focused = workbench.page.locator('.editor-group-container.active .monaco-editor.focused');
  // The first Escape may have closed the hover card only.
  await until('the focus in the editor', async () => {
    await workbench.press('Escape');
    return focused.waitFor({ timeout: 1_000 }).then(
      () => true,
      () => false,
    );
  });
}

describe('pictures', () => {
  it.each(Object.keys(themes) as Theme[])('of the window and of the inspector: %s', async (theme) => {
    await workbench.page.setViewportSize(windowFor(730, 820));
    await workbench.setTheme(theme);
    await webviewInTheme(await workbench.inspectorFrame(), theme);
    colors[theme] = await themeColors();
    await chooseToken();
    await workbench.goTo(1, 1);
    await workbench
      .inspector()
      .locator('.scroll')
      .first()
      .evaluate((box) => box.scrollTo(0, 0));
    await workbench.page.waitForTimeout(400);
    await inspectorShot(`inspector-${theme}`);
    await workbench.page.setViewportSize(windowFor(620, 820));
    await workbench.page.waitForTimeout(400);
    await workbench
      .inspector()
      .locator('.rendered .now')
      .evaluate((token) => token.scrollIntoView({ block: 'center' }));
    await workbench.page.waitForTimeout(200);
    await workbench.screenshot(`pictures/overview-${theme}`);
    for (const width of [520, 900]) {
      await workbench.page.setViewportSize(windowFor(width, 1500));
      await workbench.page.waitForTimeout(400);
      await inspectorShot(`inspector-${width}-${theme}`);
    }
    expect(workbench.consoleErrors).toEqual([]);
  });

  it('with the colors of the themes', () => {
    expect(Object.keys(colors)).toEqual(Object.keys(themes));
    writeFileSync(join(root, 'test-results/themes.json'), `${JSON.stringify(colors, null, 2)}\n`);
  });

  it('of the tokens and of the messages', async () => {
    await workbench.page.setViewportSize(windowFor(730, 820));
    await workbench.setTheme('dark');
    const view = workbench.inspector();
    await view.getByRole('tab', { name: 'Tokens' }).click();
    await view.locator('.chip').first().waitFor();
    await workbench.page.mouse.move(0, 0);
    await workbench.page.waitForTimeout(300);
    await inspectorShot('tokens-dark');
    await view.getByRole('tab', { name: 'Messages' }).click();
    await view.locator('.fields').waitFor();
    await workbench.page.mouse.move(0, 0);
    await inspectorShot('messages-dark');
    await view.getByRole('tab', { name: 'Rendered' }).click();
  });

  it.each(Object.keys(themes) as Theme[])('of two masks compared: %s', async (theme) => {
    await workbench.setTheme(theme);
    await webviewInTheme(await workbench.inspectorFrame(), theme);
    const view = workbench.inspector();
    await view.getByRole('tab', { name: 'Diff' }).click();
    const summary = () => view.locator('.summary').innerText();
    await until('the file is compared', async () => /In the file the two differ/.test(await summary()));
    await view.locator('.pair .cell').first().waitFor();
    for (const [width, height, name] of [
      [520, 1500, '-520'],
      [900, 1500, '-900'],
      [730, 1000, ''],
    ] as const) {
      await workbench.page.setViewportSize(windowFor(width, height));
      await workbench.page.mouse.move(0, 0);
      await workbench.page.waitForTimeout(400);
      await inspectorShot(`diff${name}-${theme}`);
    }
    await view.getByRole('tab', { name: 'Rendered' }).click();
  });

  it('of the hover', async () => {
    await workbench.setTheme('dark');
    await workbench.openFile('support.jsonl', 1, 1);
    const hover = () => workbench.hoverOver('sytem');
    await until('the hover with counts', async () => /tokens/.test(await hover()), 20_000);
    await workbench.page.waitForTimeout(300);
    await workbench.screenshot('pictures/hover-dark');
  });
});
