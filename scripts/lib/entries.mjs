// Programs in TypeScript that stand alone (test/parity, bench): each is bundled by esbuild and run by node.
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { importMeta } from './import-meta.mjs';
import { environment, resultsDir, root, run, seconds } from './run.mjs';

/** The programs right in a folder: its `.ts` files, without tests and without those that another one imports. */
export function entriesOf(folder) {
  if (!existsSync(join(root, folder))) return [];
  const files = readdirSync(join(root, folder)).filter((file) => /(?<!\.test|\.d)\.ts$/.test(file));
  const imported = new Set(
    files.flatMap((file) =>
      [...readFileSync(join(root, folder, file), 'utf8').matchAll(/from '\.\/([^']+)'/g)].map(([, name]) => name),
    ),
  );
  return files
    .filter((file) => !imported.has(file))
    .sort()
    .map((file) => join(folder, file));
}

/**
 * Bundles and runs one. It is told by environment variables: SFT_LENS_ROOT, SFT_LENS_PYTHON (an interpreter with
 * tools/parity/requirements.txt), SFT_LENS_DATA (the folder of real data, which may be absent). Its output is shown
 * as it comes and kept in test-results/; returns { ok, output }.
 */
export async function runEntry(entry, { python, args = [] }) {
  const start = performance.now();
  const name = basename(entry, '.ts');
  const outfile = join(root, 'dist/test', `${entry.replaceAll('/', '-').replace(/\.ts$/, '')}.mjs`);
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    // Its packages are those of the repository: found from dist/test too.
    packages: 'external',
    plugins: [importMeta],
    loader: { '.jinja': 'text', '.sh': 'text', '.sbatch': 'text' },
    logLevel: 'warning',
  });
  mkdirSync(resultsDir, { recursive: true });
  const env = environment({
    SFT_LENS_ROOT: root,
    SFT_LENS_PYTHON: python,
    SFT_LENS_DATA: process.env.SFT_LENS_DATA ?? join(root, '../shared/data'),
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --enable-source-maps`.trim(),
    // Python's Hub client must not look for anything.
    HF_HUB_OFFLINE: '1',
    TRANSFORMERS_VERBOSITY: 'error',
  });
  console.log(`\n== ${name}`);
  const result = await run(process.execPath, [outfile, ...args], { env, tee: true });
  console.log(`== ${name}: ${result.ok ? 'done' : `ended with ${result.code}`} in ${seconds(start)}`);
  return { ...result, name };
}
