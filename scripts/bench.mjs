// npm run bench [-- NAME...]: runs every program of bench/, each of which prints its ratios against its peers.
import { basename } from 'node:path';
import { build } from './build.mjs';
import { entriesOf, runEntry } from './lib/entries.mjs';
import { mainProgram, Stop } from './lib/run.mjs';
import { chromium, codeServer, python } from './setup.mjs';

await mainProgram(async () => {
  const names = process.argv.slice(2);
  const entries = entriesOf('bench').filter((entry) => names.length === 0 || names.includes(basename(entry, '.ts')));
  if (entries.length === 0)
    throw new Stop(`There is nothing to measure${names.length ? `: ${names.join(', ')}` : ''}.`);
  await build({ production: true });
  const interpreter = await python();
  // Those of the editor measure in a real VS Code.
  if (entries.some((entry) => basename(entry).startsWith('editor'))) {
    await chromium();
    await codeServer();
  }
  const bad = [];
  for (const entry of entries) {
    const { ok, name } = await runEntry(entry, { python: interpreter });
    if (!ok) bad.push(name);
  }
  if (bad.length > 0) throw new Stop(`bench: these ended badly: ${bad.join(', ')}`);
});
