// npm run package: builds and makes sft-lens.vsix (--built: of what is in dist/). Any warning of the packager is an error.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { mainProgram, root, runOrStop, Stop } from './lib/run.mjs';

/** Returns the path of the VSIX. */
export async function packageExtension({ alreadyBuilt = false } = {}) {
  if (!alreadyBuilt) await build({ production: true });
  const file = join(root, 'sft-lens.vsix');
  // Pictures and links of the packaged page would need an address on the web, and the packager insists on one.
  const readme = 'dist/readme.md';
  writeFileSync(join(root, readme), standAlone(readFileSync(join(root, 'README.md'), 'utf8')));
  // The same command as by hand; what it needs to know stands in package.json under "vsce".
  const output = await runOrStop('Packaging', join(root, 'node_modules/.bin/vsce'), [
    'package',
    '--no-dependencies',
    '--readme-path',
    readme,
    '--out',
    file,
  ]);
  if (/\bWARN/.test(output)) throw new Stop(`The packager warns:\n${output}`);
  console.log(output.trim());
  return file;
}

/** The page without pictures (and the tables that hold nothing else); links to files of the project become their text. */
const standAlone = (markdown) =>
  markdown
    .split(/\n{2,}/)
    .filter((block) => !/!\[[^\]]*\]\(/.test(block))
    .join('\n\n')
    .replace(/\[([^\]]+)\]\((?!https?:)[^)]+\)/g, '$1');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await mainProgram(() => packageExtension({ alreadyBuilt: process.argv.includes('--built') }));
}
