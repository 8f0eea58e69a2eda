// npm start: installs what is missing, builds, and opens the sample workspace in VS Code with the extension: in the
// desktop's `code` where there is one, else in code-server, whose address it prints. Ctrl+C ends everything.
//   --browser   code-server even where there is a `code`
//   --port N    where code-server listens (default 8137, or any free port if that is taken)
//   --built     opens what is in dist/ as it is
//   --check     opens the address in a headless browser, waits until the extension is active, and ends
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import {
  activatedExtensions,
  chromiumArguments,
  linkExtension,
  stagedExtension,
  startCodeServer,
} from './lib/code-server.mjs';
import { cacheDir, mainProgram, onPath, root, runOrStop, Stop } from './lib/run.mjs';
import { codeServer, chromium as installChromium } from './setup.mjs';

const samples = join(root, 'samples');
const dataDir = join(cacheDir, 'start');

const { values: flags } = parseArgs({
  options: {
    browser: { type: 'boolean' },
    built: { type: 'boolean' },
    check: { type: 'boolean' },
    port: { type: 'string', default: '8137' },
  },
});

const isFree = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

async function openOnDesktop() {
  const profile = join(dataDir, 'desktop');
  // VS Code refuses to run as root without these two.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox', '--user-data-dir', profile] : [];
  await runOrStop('Starting VS Code', 'code', [
    ...asRoot,
    '--new-window',
    `--extensionDevelopmentPath=${root}`,
    samples,
  ]);
  console.log('SFT Lens runs in the VS Code window that has opened, on the samples.');
}

async function openInBrowser() {
  await codeServer();
  rmSync(join(dataDir, 'logs'), { recursive: true, force: true });
  const port = (await isFree(Number(flags.port))) ? Number(flags.port) : 0;
  linkExtension(dataDir, stagedExtension());
  const server = await startCodeServer({ dataDir, port, keepSettings: true });
  return { server, address: `http://${server.address}/?folder=${encodeURI(samples)}` };
}

/** Follows the address as a person would. */
async function check(address) {
  await installChromium();
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: chromiumArguments });
  try {
    const page = await browser.newPage();
    await page.goto(address);
    await page.locator('.monaco-workbench .statusbar').waitFor({ timeout: 60_000 });
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: '.jsonl' }).first().dblclick();
    const end = Date.now() + 60_000;
    while (!activatedExtensions(dataDir).includes('sft-lens.sft-lens')) {
      if (Date.now() > end)
        throw new Stop('The workbench answers, but the extension was not activated within a minute.');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    console.log('The workbench answers and the extension is active.');
  } finally {
    await browser.close();
  }
}

const interrupted = () =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });

await mainProgram(async () => {
  if (!flags.built) await build();
  if (onPath('code') && !flags.browser && !flags.check) return openOnDesktop();
  const { server, address } = await openInBrowser();
  try {
    console.log(`\nSFT Lens is open on the samples in VS Code at\n\n  ${address}\n`);
    if (flags.check) return await check(address);
    console.log('Ctrl+C ends it.');
    await interrupted();
  } finally {
    server.stop();
  }
});
