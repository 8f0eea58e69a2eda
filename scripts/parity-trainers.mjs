// npm run parity:trainers [-- NAME...] [-- --golden]: compares our loss masks with those of the trainers themselves, each
// in a Python of its own (tools/trainers). `--golden` keeps their answers for `npm test` (test/parity-trainers/golden).
// The name `export`: trainers are handed the tokens that we export, and their batches are compared.
import { build } from './build.mjs';
import { runEntry } from './lib/entries.mjs';
import { mainProgram, Stop } from './lib/run.mjs';
import { trainer, trainerNamed, trainerNames } from './setup.mjs';

/** The version that runs train with has its Python already. */
const OWN_TRAINER = 'trl-1.16';
/** Trainers that are handed our tokens. */
const EXPORT = 'export';
const READERS = ['trl-1.13', OWN_TRAINER, 'axolotl-0.18', 'axolotl-0.19', 'llama-factory', 'torchtune'];

async function interpretersOf(names) {
  const interpreters = {};
  for (const name of names) interpreters[name] = name === OWN_TRAINER ? await trainer() : await trainerNamed(name);
  return JSON.stringify(interpreters);
}

await mainProgram(async () => {
  const given = process.argv.slice(2);
  const all = [...trainerNames(), OWN_TRAINER, EXPORT];
  const args = given.filter((argument) => argument.startsWith('--'));
  const named = given.filter((argument) => !args.includes(argument));
  const unknown = named.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Stop(`No trainer "${unknown}". There are: ${all.join(', ')}.`);
  const names = named.length > 0 ? named : all;
  const asked = await interpretersOf(names.filter((name) => name !== EXPORT));
  const readers = names.includes(EXPORT) ? await interpretersOf(READERS) : null;
  await build({ production: true });
  const compare = async (program, trainers) => {
    process.env.SFT_LENS_TRAINERS = trainers;
    const { ok } = await runEntry(`test/parity-trainers/${program}`, { python: undefined, args });
    if (!ok) process.exitCode = 1;
  };
  if (asked !== '{}') await compare('main.ts', asked);
  if (readers !== null) await compare('export.ts', readers);
});
