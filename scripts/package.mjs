// npm run package: builds and makes sft-lens.vsix (--built: of what is in dist/). Any warning of the packager is an error.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { mainProgram, root, runOrStop, Stop } from './lib/run.mjs';

/** Returns the path of the VSIX. */
export async function packageExtension({ alreadyBuilt = false } = {}) {
  if (!alreadyBuilt) await build({ production: true });
  const file = join(root, 'sft-lens.vsix');
  // The same command as by hand; what it needs to know stands in package.json under "vsce".
  const output = await runOrStop('Packaging', join(root, 'node_modules/.bin/vsce'), [
    'package',
    '--no-dependencies',
    '--out',
    file,
  ]);
  if (/\bWARN/.test(output)) throw new Stop(`The packager warns:\n${output}`);
  console.log(output.trim());
  return file;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await mainProgram(() => packageExtension({ alreadyBuilt: process.argv.includes('--built') }));
}
