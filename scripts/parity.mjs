// npm run parity [-- NAME...]: compares with Python. Runs every program of test/parity, each of which prints a table
// and a line "parity NAME: N passed, N failed"; the last line of all adds them up.
import { basename } from 'node:path';
import { build } from './build.mjs';
import { entriesOf, runEntry } from './lib/entries.mjs';
import { mainProgram, Stop } from './lib/run.mjs';
import { python, trainer, transformersVersions } from './setup.mjs';

await mainProgram(async () => {
  const names = process.argv.slice(2);
  const entries = entriesOf('test/parity').filter(
    (entry) => names.length === 0 || names.includes(basename(entry, '.ts')),
  );
  if (entries.length === 0)
    throw new Stop(`There is nothing to compare${names.length ? `: ${names.join(', ')}` : ''}.`);
  await build({ production: true });
  const interpreter = await python();
  const total = { passed: 0, failed: 0 };
  const lines = [];
  for (const entry of entries) {
    if (basename(entry, '.ts') === 'versions') await transformersVersions();
    if (basename(entry, '.ts') === 'trainer') process.env.SFT_LENS_TRAINER = await trainer();
    const { ok, code, name, output } = await runEntry(entry, { python: interpreter });
    const counts = [...output.matchAll(/^parity .*: (\d+) passed, (\d+) failed/gm)];
    for (const [line, passed, failed] of counts) {
      lines.push(line);
      total.passed += Number(passed);
      total.failed += Number(failed);
    }
    // Without a count, or when it ended badly without having counted a failure, the program itself has failed.
    const countedFailure = counts.some(([, , failed]) => failed !== '0');
    if (counts.length === 0 || (!ok && !countedFailure)) {
      lines.push(`parity ${name}: ended with ${code}${counts.length === 0 ? ' and counted nothing' : ''}`);
      total.failed++;
    }
  }
  console.log(`\n${lines.join('\n')}`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0) process.exitCode = 1;
});
