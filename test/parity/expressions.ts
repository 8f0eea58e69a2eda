// Every filter, test, global, method and operator with many arguments, compared with Python: the text, or that it raises.
// Of errors the words and the line are counted as well.
import { ERRORS, enumerated } from './templates/enumerate.ts';
import { difference, type Outcome, runHere, runInPython, sameError, writeGolden } from './templates/programs.ts';

/** One in so many of all combinations is compared; a prime, so that each name meets each value and argument. */
const EVERY = Number(process.env['EVERY'] ?? 7);

/** What the expressions see. */
const CONTEXT = '{"d": {"a": 1, "n": null, "s": "é"}, "l": ["x", "y", 1.0]}';

/** Python prints where an object lies in memory. */
const ADDRESS = / (?:object )?at 0x[0-9a-f]+/;

const golden = process.argv.includes('--golden');

/** What a template that is about its error must say as Python says it. */
function wrongError(ours: ReturnType<typeof runHere>, python: Outcome): string | null {
  const same = sameError(ours, python);
  // What Python's own compiler refuses, with a line of the code that Jinja made, is refused in our words.
  if (python.type === 'SyntaxError' || (same.message && same.line)) return null;
  return `raises ${ours.error?.message} (line ${ours.error?.line}), Python ${python.type}: ${python.error} (line ${python.line})`;
}

function main(): number {
  const templates = [...ERRORS, ...enumerated(golden ? 251 : EVERY)];
  const programs = templates.map((template) => ({ template, context: CONTEXT }));
  const expected = runInPython('expressions', programs);
  if (golden) writeGolden('enumerated.json', programs, expected);
  let differ = 0;
  let skipped = 0;
  const errors = { raised: 0, words: 0, line: 0 };
  const words = new Map<string, string>();
  programs.forEach((program, i) => {
    const reference = expected[i]!;
    if (ADDRESS.test(reference.text ?? '')) {
      skipped++;
      return;
    }
    const ours = runHere(program);
    const problem = difference(ours, reference) ?? (i < ERRORS.length ? wrongError(ours, reference) : null);
    if (problem !== null) {
      if (differ++ < Number(process.env['SHOW'] ?? 40)) console.log(`DIFFERS ${program.template}: ${problem}`);
      return;
    }
    if (ours.error === null) return;
    errors.raised++;
    const same = sameError(ours, reference);
    if (same.message) errors.words++;
    else words.set(`${program.template}: ${ours.error.message} | ${reference.type}: ${reference.error}`, '');
    if (same.line) errors.line++;
  });
  if (process.env['WORDS'] !== undefined) console.log([...words.keys()].join('\n'));
  console.table({ expressions: programs.length, skipped, differ, ...errors });
  console.log(`parity expressions: ${programs.length - skipped - differ} passed, ${differ} failed`);
  return differ === 0 ? 0 : 1;
}

process.exitCode = main();
