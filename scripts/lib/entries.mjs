// Programs in TypeScript that stand alone (test/parity, bench): each is bundled by esbuild and run by node.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { environment, resultsDir, root, run, seconds } from './run.mjs';

/** The `.ts` files right in a folder; those that start with `_` and tests are parts of others. */
export function entriesOf(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder))
    .filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('.d.ts') && !file.startsWith('_'),
    )
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
    loader: { '.jinja': 'text' },
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
