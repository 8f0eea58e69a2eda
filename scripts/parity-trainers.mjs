// npm run parity:trainers [-- NAME...] [-- --golden]: compares our loss masks with those of the trainers themselves, each
// in a Python of its own (tools/trainers). `--golden` keeps their answers for `npm test` (test/parity-trainers/golden).
import { build } from './build.mjs';
import { runEntry } from './lib/entries.mjs';
import { mainProgram, Stop } from './lib/run.mjs';
import { trainer, trainerNamed, trainerNames } from './setup.mjs';

/** The version that runs train with has its Python already. */
const OWN_TRAINER = 'trl-1.16';

await mainProgram(async () => {
  const given = process.argv.slice(2);
  const all = [...trainerNames(), OWN_TRAINER];
  const names = given.filter((argument) => argument !== '--golden');
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Stop(`No trainer "${unknown}". There are: ${all.join(', ')}.`);
  const interpreters = {};
  for (const name of names.length > 0 ? names : all)
    interpreters[name] = name === OWN_TRAINER ? await trainer() : await trainerNamed(name);
  process.env.SFT_LENS_TRAINERS = JSON.stringify(interpreters);
  await build({ production: true });
  const args = given.includes('--golden') ? ['--golden'] : [];
  const { ok } = await runEntry('test/parity-trainers/main.ts', { python: undefined, args });
  if (!ok) process.exitCode = 1;
});
