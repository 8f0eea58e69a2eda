// Runs the suites of test/host inside the real extension host of a VS Code: everything with a trusted folder first,
// then the suites named *.restricted.test.ts in Restricted Mode.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { format } from 'node:util';
import { chromiumArguments, stagedExtension, startCodeServer, workbenchUrl } from './lib/code-server.mjs';
import { importMeta } from './lib/import-meta.mjs';
import { resultsDir, root } from './lib/run.mjs';

/** Milliseconds for all suites together; some open every real dataset that is at hand. */
const timeout = 900_000;

const findTests = (folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((file) => file.endsWith('.test.ts'))
    .sort()
    .map((file) => join(folder, file));

/** One bundle that runs the given files with mocha; the entry is made here, since esbuild cannot collect files. */
async function bundle(files, outfile) {
  const { build } = await import('esbuild');
  const suites = files.map((file) => `() => require(${JSON.stringify(`./${file}`)})`).join(',\n');
  await build({
    absWorkingDir: root,
    stdin: {
      contents: `import { runSuites } from './test/host/run.ts';\nexport const run = () => runSuites([\n${suites}\n]);`,
      resolveDir: root,
      sourcefile: 'host-suites.ts',
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    mainFields: ['module', 'main'],
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    plugins: [importMeta],
    loader: { '.jinja': 'text', '.sh': 'text', '.sbatch': 'text' },
    logLevel: 'warning',
    outfile,
  });
}

async function runInWorkbench({ name, files, trust, filters }) {
  const out = join(root, 'dist/test', `${name}.cjs`);
  await bundle(files, out);
  const folder = join(resultsDir, name);
  const results = join(folder, 'results.json');
  const workspace = join(folder, 'workspace');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(workspace, { recursive: true });
  const source = join(root, 'test/fixtures/workspace');
  if (existsSync(source)) cpSync(source, workspace, { recursive: true });

  const { chromium } = await import('playwright-core');
  const server = await startCodeServer({
    dataDir: join(folder, 'data'),
    trust,
    testing: true,
    env: {
      SFT_LENS_ROOT: root,
      SFT_LENS_HOST_RESULTS: results,
      SFT_LENS_HOST_GREP: filters.join('|'),
      SFT_LENS_DATA: process.env.SFT_LENS_DATA ?? join(root, '../shared/data'),
    },
  });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: chromiumArguments });
  try {
    const page = await browser.newPage();
    // Everything in the workbench logs here; what mocha prints is all that a reader wants.
    await page.exposeFunction('codeAutomationLog', (_type, args) => {
      const line = format(...args);
      if (/^\s*(✔|\d+\)|- |\d+ (passing|failing|pending)|host: )/.test(line)) console.log(line);
    });
    const exit = new Promise((resolve) => {
      page.exposeFunction('codeAutomationExit', resolve);
    });
    await page.goto(workbenchUrl(server.address, { folder: workspace, extension: stagedExtension(), tests: out }));
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, timeout, 'timeout');
    });
    const end = await Promise.race([exit, late]);
    clearTimeout(timer);
    if (!existsSync(results)) {
      await page.screenshot({ path: join(folder, 'workbench.png') });
      return {
        passed: 0,
        skipped: 0,
        failures: [{ title: name, message: `The extension host gave no result (${end}).` }],
      };
    }
    return JSON.parse(readFileSync(results, 'utf8'));
  } finally {
    await browser.close();
    server.stop();
  }
}

/** `filters`: only tests whose full title contains one of them. */
export async function hostTests(filters = []) {
  const files = findTests('test/host');
  const restricted = files.filter((file) => basename(file).includes('.restricted.'));
  const trusted = files.filter((file) => !restricted.includes(file));
  const total = { passed: 0, skipped: 0, failures: [] };
  for (const session of [
    { name: 'host', files: trusted, trust: true },
    { name: 'host-restricted', files: restricted, trust: false },
  ]) {
    if (session.files.length === 0) continue;
    const { passed, skipped, failures } = await runInWorkbench({ ...session, filters });
    total.passed += passed;
    total.skipped += skipped;
    total.failures.push(...failures);
  }
  return total;
}
