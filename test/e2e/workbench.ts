import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Frame, type FrameLocator, type Locator, type Page } from 'playwright-core';
import {
  activatedExtensions,
  chromiumArguments,
  installExtension,
  quietSettings,
  stagedExtension,
  startCodeServer,
  workbenchUrl,
} from '../../scripts/lib/code-server.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const results = join(root, 'test-results');

/** The four themes that everything must look right in. */
export const themes = {
  dark: 'Dark 2026',
  light: 'Light 2026',
  'high-contrast': 'Default High Contrast',
  'high-contrast-light': 'Default High Contrast Light',
} as const;
export type Theme = keyof typeof themes;

/** The class that the workbench carries under each theme. */
const themeClasses: Record<Theme, string> = {
  dark: 'vs-dark',
  light: 'vs',
  'high-contrast': 'hc-black',
  'high-contrast-light': 'hc-light',
};

/** What would change the keys that a test types, or move while it looks. */
const testSettings = {
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingQuotes': 'never',
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.cursorBlinking': 'solid',
  'editor.minimap.enabled': false,
  'workbench.reduceMotion': 'on',
  'editor.hover.delay': 100,
  'files.exclude': { '**/.vscode': true },
};

export interface WorkbenchOptions {
  /** Names the folder under test-results/ that keeps the workspace, the settings and the logs. */
  readonly name: string;
  /** Copied; the tests never write into the original. Default: an empty folder. */
  readonly workspace?: string;
  /** Further files of the copy: path -> content. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly theme?: Theme;
  /** False: the folder opens in Restricted Mode. */
  readonly trust?: boolean;
  /** A packaged extension to install, instead of the folder of this repository. */
  readonly vsix?: string;
  readonly size?: { readonly width: number; readonly height: number };
  /** Workspace, settings and storage as an earlier one of this name left them: the editor was ended and starts again. */
  readonly again?: boolean;
}

export interface ProblemCounts {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

/** A real VS Code with the extension under test, in a real browser. */
export interface Workbench {
  readonly page: Page;
  /** The copied workspace. */
  readonly folder: string;
  /** Opens a file of the workspace and puts the cursor there (both from 1). */
  openFile(path: string, line?: number, column?: number): Promise<void>;
  /** Moves the cursor of the active editor (both from 1; columns are UTF-16 units). */
  goTo(line: number, column?: number): Promise<void>;
  /** Runs a command by its full title in the palette, e.g. "SFT Lens: Inspect Row". */
  runCommand(title: string): Promise<void>;
  /** The titles that the palette offers for what is typed. */
  paletteTitles(query: string): Promise<string[]>;
  /** The box of the open quick pick, input or palette. */
  quickInput(): Locator;
  /** The notification that says `text`, in the list of all: driven by a test, VS Code shows no toasts. */
  notification(text: string): Promise<Locator>;
  /** Types into the active editor. */
  type(text: string): Promise<void>;
  press(key: string): Promise<void>;
  focusEditor(): Promise<void>;
  /** The text of the active editor's visible lines. */
  visibleText(): Promise<string>;
  /** Hovers the cursor's place as the keyboard does; returns the hover's text. */
  hoverAtCursor(): Promise<string>;
  /** Moves the mouse over the first visible place of `text` in the editor; returns the hover's text. */
  hoverOver(text: string): Promise<string>;
  /** How many squiggles of each kind are drawn in the visible part of the active editor. */
  squiggles(): Promise<{
    readonly error: number;
    readonly warning: number;
    readonly info: number;
    readonly hint: number;
  }>;
  /** The counts that the status bar shows. */
  problemCounts(): Promise<ProblemCounts>;
  /** The lines of the Problems view, as far as it draws them. Leaves the view open. */
  problems(): Promise<string[]>;
  /** The texts of the status bar's entries. */
  statusBar(): Promise<string[]>;
  /** "Ln 3, Col 14" as numbers. */
  cursor(): Promise<{ readonly line: number; readonly column: number }>;
  /** The content of the newest webview, to find elements in. */
  inspector(): FrameLocator;
  /** The same as a frame, to run scripts in. Waits until it is there. */
  inspectorFrame(): Promise<Frame>;
  /** Changes settings while it runs, on top of those that it started with: the workspace's, since VS Code on a server does not watch the user's. */
  setSettings(settings: Readonly<Record<string, unknown>>): void;
  setTheme(theme: Theme): Promise<void>;
  /** Into test-results/screenshots/NAME.png. */
  screenshot(name: string): Promise<string>;
  activatedExtensions(): string[];
  /** What the pages wrote into the console at level error, the known noise aside. */
  readonly consoleErrors: readonly string[];
  close(): Promise<void>;
}

/** Waits until `value` gives something other than undefined, null or false. Times in milliseconds. */
export async function until<T>(
  what: string,
  value: () => Promise<T | undefined | null | false>,
  timeout = 15_000,
): Promise<T> {
  const end = Date.now() + timeout;
  for (;;) {
    const found = await value();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > end) throw new Error(`After ${timeout} ms still waiting for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const workspaceSettings = '.vscode/settings.json';

function prepareFolders(options: WorkbenchOptions): { folder: string; dataDir: string } {
  const base = join(results, 'workbench', options.name);
  const folder = join(base, 'workspace');
  if (options.again) return { folder, dataDir: join(base, 'data') };
  rmSync(base, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (options.workspace) cpSync(options.workspace, folder, { recursive: true });
  for (const [path, content] of Object.entries(options.files ?? {})) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  mkdirSync(join(folder, dirname(workspaceSettings)), { recursive: true });
  if (!existsSync(join(folder, workspaceSettings))) writeFileSync(join(folder, workspaceSettings), '{}');
  return { folder, dataDir: join(base, 'data') };
}

/** Console errors that VS Code itself writes under every extension. */
const knownNoise =
  /vsda|ERR_ABORTED|Failed to load resource|mcp|copilot|chat|agent ?host|marketplace|gallery|authentication provider/i;

export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { folder, dataDir } = prepareFolders(options);
  const theme = options.theme ?? 'dark';
  const settings = {
    ...quietSettings,
    ...testSettings,
    ...options.settings,
    'workbench.colorTheme': themes[theme],
    ...(options.trust === false ? { 'security.workspace.trust.startupPrompt': 'never' } : {}),
  };
  if (options.vsix) await installExtension(dataDir, options.vsix);
  const server = await startCodeServer({ dataDir, settings, testing: !options.vsix, trust: options.trust ?? true });
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    server.stop();
  };
  try {
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: chromiumArguments });
    const page = await browser.newPage({ viewport: options.size ?? { width: 1440, height: 900 } });
    const consoleErrors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' && !knownNoise.test(message.text())) consoleErrors.push(message.text());
    });
    await page.goto(workbenchUrl(server.address, { folder, extension: options.vsix ? null : stagedExtension() }));
    await page.locator('.monaco-workbench .statusbar').waitFor({ timeout: 60_000 });
    await page.locator('.explorer-viewlet, .monaco-workbench .part.sidebar').first().waitFor({ timeout: 60_000 });

    let changed: Readonly<Record<string, unknown>> = {};
    const setSettings = (changes: Readonly<Record<string, unknown>>) => {
      changed = { ...changed, ...changes };
      writeFileSync(join(folder, workspaceSettings), JSON.stringify(changed, null, 2));
    };
    const navigate = navigation(page);
    return {
      page,
      folder,
      ...navigate,
      ...editing(page),
      ...reading(page),
      quickInput: () => page.locator(`${quickInput} input`).first(),
      async notification(text) {
        await navigate.runCommand('Notifications: Show Notifications');
        const item = page.locator('.notifications-center .notification-list-item').filter({ hasText: text });
        await item.waitFor({ timeout: 10_000 });
        return item;
      },
      inspector: () => inspector(page),
      inspectorFrame: () => inspectorFrame(page),
      setSettings,
      async setTheme(next) {
        setSettings({ 'workbench.colorTheme': themes[next] });
        await page.locator(`.monaco-workbench.${themeClasses[next]}`).waitFor({ timeout: 15_000 });
      },
      async screenshot(name) {
        const path = join(results, 'screenshots', `${name}.png`);
        mkdirSync(dirname(path), { recursive: true });
        await page.screenshot({ path });
        return path;
      },
      activatedExtensions: () => activatedExtensions(dataDir),
      consoleErrors,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const quickInput = '.quick-input-widget:not([style*="display: none"])';
const quickRow = `${quickInput} .quick-input-list .monaco-list-row`;

/** Opens the palette's box with `text` in it. Filling beats typing: keys race with the focus and reach the file. */
async function openQuickInput(page: Page, text: string): Promise<void> {
  const box = page.locator(`${quickInput} .quick-input-box input`);
  // Whatever takes the focus closes it again.
  await until('the palette', async () => {
    await page.keyboard.press('F1');
    return box.fill(text, { timeout: 2_000 }).then(
      () => true,
      () => false,
    );
  });
}

async function closeQuickInput(page: Page): Promise<void> {
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden', timeout: 10_000 });
}

function navigation(page: Page): Pick<Workbench, 'openFile' | 'goTo' | 'runCommand' | 'paletteTitles'> {
  const rows = page.locator(quickRow);
  const titles = () =>
    rows.evaluateAll((elements) =>
      elements.map((row) => row.querySelector('.quick-input-list-rows .label-name')?.textContent ?? ''),
    );
  return {
    async openFile(path, line = 1, column = 1) {
      const file = path.split('/').pop() ?? path;
      await openQuickInput(page, `${path}:${line}:${column}`);
      await rows.filter({ hasText: file }).first().waitFor({ timeout: 20_000 });
      await page.keyboard.press('Enter');
      await closeQuickInput(page);
      await page
        .locator(`.editor-group-container.active .tab.active[data-resource-name="${file}"]`)
        .waitFor({ timeout: 20_000 });
      await page
        .locator('.editor-group-container.active .monaco-editor .view-line')
        .first()
        .waitFor({ timeout: 20_000 });
    },
    async goTo(line, column = 1) {
      await openQuickInput(page, `:${line}:${column}`);
      await page.keyboard.press('Enter');
      await closeQuickInput(page);
    },
    async runCommand(title) {
      // The palette lists what was on offer when it opened: a command of an extension that has only just started is
      // not there before the next time.
      await until(
        `the command "${title}" in the palette`,
        async () => {
          await openQuickInput(page, `>${title}`);
          const offered = async () => (await titles()).indexOf(title);
          const index = await until('the title', async () => ((await offered()) < 0 ? null : [await offered()]), 3_000)
            .then(([found]) => found ?? -1)
            .catch(() => -1);
          // Whatever takes the focus closes the palette: then it is opened again.
          if (
            index >= 0 &&
            (await rows
              .nth(index)
              .click({ timeout: 3_000 })
              .then(
                () => true,
                () => false,
              ))
          )
            return true;
          await page.keyboard.press('Escape');
          await closeQuickInput(page);
          return null;
        },
        40_000,
      );
    },
    async paletteTitles(query) {
      await openQuickInput(page, `>${query}`);
      await rows.first().waitFor({ timeout: 10_000 });
      const all = await titles();
      await page.keyboard.press('Escape');
      await closeQuickInput(page);
      return all;
    },
  };
}

function editing(page: Page): Pick<Workbench, 'type' | 'press' | 'focusEditor'> {
  const focused = page.locator('.editor-group-container.active .monaco-editor.focused');
  const focusEditor = async () => {
    if ((await focused.count()) > 0) return;
    await page
      .locator('.editor-group-container.active .monaco-editor .view-lines')
      .first()
      .click({ position: { x: 2, y: 2 } });
    await focused.waitFor({ timeout: 5_000 });
  };
  return {
    focusEditor,
    async type(text) {
      await focused.waitFor({ timeout: 5_000 });
      await page.keyboard.type(text);
    },
    press: (key) => page.keyboard.press(key),
  };
}

type Reading = Pick<
  Workbench,
  'visibleText' | 'hoverAtCursor' | 'hoverOver' | 'squiggles' | 'problemCounts' | 'problems' | 'statusBar' | 'cursor'
>;

function reading(page: Page): Reading {
  const editor = '.editor-group-container.active .monaco-editor';
  const visibleHover = '.monaco-hover:not(.hidden) .hover-contents, .monaco-resizable-hover .hover-contents';
  const hoverText = async () => {
    const hover = page.locator(visibleHover);
    await hover.first().waitFor({ timeout: 10_000 });
    return (await hover.allInnerTexts()).join('\n');
  };
  return {
    async visibleText() {
      const lines = await page.locator(`${editor} .view-line`).evaluateAll((elements) =>
        elements
          .map((line) => ({ top: line.getBoundingClientRect().top, text: line.textContent ?? '' }))
          .sort((a, b) => a.top - b.top)
          .map((line) => line.text),
      );
      // The editor draws spaces as no-break spaces.
      return lines.join('\n').replaceAll('\u00a0', ' ');
    },
    async hoverAtCursor() {
      await openQuickInput(page, '>Show or Focus Hover');
      await page.locator(quickRow).first().waitFor();
      await page.keyboard.press('Enter');
      await closeQuickInput(page);
      return hoverText();
    },
    async hoverOver(text) {
      const place = await page.locator(`${editor} .view-lines`).first().evaluate(placeOfText, text);
      if (!place) throw new Error(`"${text}" is not in the visible part of the editor`);
      // An older hover must not be taken for the new one.
      await page.mouse.move(0, 0);
      await page.locator(visibleHover).first().waitFor({ state: 'hidden', timeout: 5_000 });
      await page.mouse.move(place.x - 3, place.y);
      await page.mouse.move(place.x, place.y);
      return hoverText();
    },
    async squiggles() {
      const count = (kind: string) => page.locator(`${editor} .view-overlays .squiggly-${kind}`).count();
      return {
        error: await count('error'),
        warning: await count('warning'),
        info: await count('info'),
        hint: await count('hint'),
      };
    },
    async problemCounts() {
      const label = (await page.locator('#status\\.problems a').first().getAttribute('aria-label')) ?? '';
      const count = (word: string) =>
        Number(new RegExp(`(\\d+) ${word}|${word}\\w*:? (\\d+)`, 'i').exec(label)?.slice(1).find(Boolean) ?? 0);
      return { errors: count('error'), warnings: count('warning'), infos: count('info') };
    },
    async problems() {
      await openQuickInput(page, '>Problems: Focus on Problems View');
      await page.locator(quickRow).first().waitFor();
      await page.keyboard.press('Enter');
      await closeQuickInput(page);
      const panel = page.locator('.markers-panel');
      await panel.waitFor({ timeout: 10_000 });
      await page.waitForTimeout(300);
      return panel.locator('.monaco-list-row').evaluateAll((rows) => rows.map((row) => row.textContent ?? ''));
    },
    async statusBar() {
      return page
        .locator('.statusbar .statusbar-item')
        .evaluateAll((items) => items.map((item) => (item.textContent ?? '').trim()).filter((text) => text !== ''));
    },
    async cursor() {
      const text = await page.locator('#status\\.editor\\.selection').textContent();
      const match = /Ln ([\d,]+), Col ([\d,]+)/.exec(text ?? '');
      if (!match) throw new Error(`The status bar shows no cursor: ${text}`);
      const number = (digits: string | undefined) => Number((digits ?? '').replaceAll(',', ''));
      return { line: number(match[1]), column: number(match[2]) };
    },
  };
}

/** Runs in the page: the middle of the first visible occurrence of `text`. */
function placeOfText(lines: Element, text: string): { x: number; y: number } | null {
  for (const line of lines.querySelectorAll('.view-line')) {
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    const nodes: Text[] = [];
    while (walker.nextNode()) nodes.push(walker.currentNode as Text);
    const whole = nodes
      .map((node) => node.data)
      .join('')
      .replaceAll('\u00a0', ' ');
    const found = whole.indexOf(text);
    if (found < 0) continue;
    let middle = found + Math.floor(text.length / 2);
    for (const node of nodes) {
      if (middle < node.data.length) {
        const range = document.createRange();
        range.setStart(node, middle);
        range.setEnd(node, middle + 1);
        const box = range.getBoundingClientRect();
        return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
      }
      middle -= node.data.length;
    }
  }
  return null;
}

const inspector = (page: Page): FrameLocator =>
  page.frameLocator('iframe.webview.ready').last().frameLocator('iframe#active-frame');

async function inspectorFrame(page: Page): Promise<Frame> {
  const handle = await page.locator('iframe.webview.ready').last().elementHandle({ timeout: 15_000 });
  const outer = await handle?.contentFrame();
  const inner = await (await outer?.waitForSelector('iframe#active-frame', { timeout: 15_000 }))?.contentFrame();
  if (!inner) throw new Error('The webview has no content');
  return inner;
}

/** Waits until the content of a webview has the colors of a theme: it gets them later than the workbench around it. */
export async function webviewInTheme(frame: Frame, theme: Theme): Promise<void> {
  const kind = { dark: 'vscode-dark', light: 'vscode-light', 'high-contrast': 'vscode-high-contrast' };
  const wanted = theme === 'high-contrast-light' ? 'vscode-high-contrast-light' : kind[theme];
  await frame.locator(`body[data-vscode-theme-kind="${wanted}"]`).waitFor({ timeout: 10_000 });
}

/** The violations that axe finds in a frame (WCAG A and AA), one readable line each. */
export async function axeViolations(frame: Frame): Promise<string[]> {
  const { source } = await import('axe-core');
  await frame.evaluate(source);
  return frame.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: typeof import('axe-core') }).axe;
    const { violations } = await axe.run(document, {
      runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
    });
    return violations.flatMap(({ id, impact, help, nodes }) =>
      nodes.map((node) => `${id} (${impact}): ${help}: ${node.target.join(' ')}`),
    );
  });
}
