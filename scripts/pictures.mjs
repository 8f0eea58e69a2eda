// npm run pictures: takes the pictures of the README anew, in a real VS Code, and with them the colors of its themes that
// the page of test/e2e/inspector-page is shown in. Look at each picture before it is committed.
import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from './build.mjs';
import { mainProgram, resultsDir, root, runOrStop, Stop } from './lib/run.mjs';
import { chromium, codeServer, npmPackages, trainer } from './setup.mjs';

/** In test-results/screenshots. */
const pictures = [
  'pictures/overview-dark.png',
  'pictures/inspector-dark.png',
  'pictures/tokens-dark.png',
  'pictures/diff-dark.png',
  'pictures/inspector-light.png',
  'pictures/inspector-high-contrast.png',
  'training-dark.png',
];

/** Bytes. They are part of the package. */
const MOST = 250_000;

await mainProgram(async () => {
  await npmPackages();
  await chromium();
  await codeServer();
  await trainer();
  await build({ production: true });
  await runOrStop('Taking the pictures', join(root, 'node_modules/.bin/vitest'), [
    'run',
    '--config',
    'vitest.e2e.config.ts',
    'test/e2e/pictures.spec.ts',
    'test/e2e/training.spec.ts',
  ]);
  const folder = join(root, 'media/readme');
  mkdirSync(folder, { recursive: true });
  for (const name of pictures) {
    const from = join(resultsDir, 'screenshots', name);
    const { size } = statSync(from);
    if (size > MOST) throw new Stop(`${name} has ${size} bytes, more than ${MOST}.`);
    copyFileSync(from, join(folder, basename(name)));
    console.log(`media/readme/${basename(name)}: ${size} bytes`);
  }
  copyFileSync(join(resultsDir, 'themes.json'), join(root, 'test/e2e/inspector-page/themes.json'));
});
