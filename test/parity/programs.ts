// Random programs over random rows, compared with Python: text, spans, origins, or that both raise, and the line.
//   npm run parity -- programs       SEED=7 COUNT=20000 choose others, SEED=new some that nobody saw;
//                                   `--golden` writes the committed subset
import {
  difference,
  type Outcome,
  type Program,
  runHere,
  runInPython,
  sameError,
  writeGolden,
} from './templates/programs.ts';
import { randomPrograms, seedOf } from './templates/random-program.ts';

const golden = process.argv.includes('--golden');
const seed = seedOf(process.env['SEED']);
const count = Number(process.env['COUNT'] ?? (golden ? 500 : 20_000));

/** Python prints where an object lies in memory, and loops that nest too deep are no difference. */
const ADDRESS = / at 0x[0-9a-f]+/;

function main(): number {
  console.log(`seed ${seed}`);
  const programs = randomPrograms(seed, count);
  const expected = runInPython('random', programs);
  if (golden) writeGolden('programs.json', programs, expected);
  const tally = { programs: 0, printed: 0, raised: 0, words: 0, lines: 0, skipped: 0, differ: 0 };
  programs.forEach((program, i) => {
    const reference = expected[i]!;
    if (ADDRESS.test(`${reference.text ?? ''}${reference.error ?? ''}`)) {
      tally.skipped++;
      return;
    }
    tally.programs++;
    const ours = runHere(program);
    const problem = difference(ours, reference) ?? wrongLine(program, reference, ours);
    if (problem !== null) {
      if (tally.differ++ < Number(process.env['SHOW'] ?? 30)) {
        console.log(`DIFFERS ${JSON.stringify(program.template)}\n   in ${program.context}\n   ${problem}`);
      }
    } else if (ours.error === null) tally.printed++;
    else {
      const same = sameError(ours, reference);
      tally.raised++;
      if (same.message) tally.words++;
      if (same.line) tally.lines++;
      if (!same.message && process.env['WORDS'] !== undefined) {
        console.log(`WORDS ${ours.error.message} | ${reference.type}: ${reference.error}`);
      }
    }
  });
  console.table(tally);
  console.log(`parity programs: ${tally.programs - tally.differ} passed, ${tally.differ} failed`);
  return tally.differ === 0 ? 0 : 1;
}

/** The values of `with` and the look at a namespace have the line of the statement before them in Python's traceback. */
const MISPLACED = /\bwith\b|non-namespace/;

function wrongLine({ template }: Program, reference: Outcome, ours: ReturnType<typeof runHere>): string | null {
  if (ours.error === null || sameError(ours, reference).line) return null;
  if (MISPLACED.test(`${template} ${reference.error}`)) return null;
  return `line ${ours.error.line}, Python's ${reference.line}: ${reference.type}: ${reference.error}`;
}

process.exitCode = main();
