// Ids of rows whose text spells control tokens, with `sanitizeControlTokens`, against Python's
// `apply_chat_template(sanitize_control_tokens=True)`. `--golden` rewrites sanitize/golden.json, which `npm test` compares.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { goldenCase } from './masks/cases.ts';
import { CONVERSATIONS, engineOf, idsOf, PAIRS, pairFiles } from './sanitize/cases.ts';

const root = resolve(process.env['SFT_LENS_ROOT'] ?? process.cwd());
const python = process.env['SFT_LENS_PYTHON'] ?? join(root, '.cache/parity/venv/bin/python');
const folder = join(root, '.cache/parity/sanitize');
mkdirSync(folder, { recursive: true });
const given = join(folder, 'cases.json');
const out = join(folder, 'python.json');
const named = PAIRS.map((pair) => [pair.join(' | '), pair] as const);
writeFileSync(
  given,
  JSON.stringify({
    pairs: Object.fromEntries(named.map(([name, pair]) => [name, pairFiles(root, pair)])),
    conversations: CONVERSATIONS,
  }),
);
execFileSync(python, [join(root, 'test/parity/sanitize.py'), given, out], { stdio: 'inherit' });
type References = Readonly<Record<string, Readonly<Record<string, readonly number[] | null>>>>;
const references = JSON.parse(readFileSync(out, 'utf8')) as References;

const failures: string[] = [];
let passed = 0;
for (const [name, pair] of named) {
  const engine = engineOf(root, pair);
  let equal = 0;
  let refused = 0;
  const rows = Object.entries(references[name] ?? {});
  for (const [key, expected] of rows) {
    const found = idsOf(engine, CONVERSATIONS[key]!);
    if (JSON.stringify(found) === JSON.stringify(expected)) {
      equal++;
      if (expected === null) refused++;
    } else failures.push(`${name} | ${key}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
  }
  passed += equal;
  console.log(`${name.padEnd(34)} ${equal} of ${rows.length} equal, ${refused} refused alike`);
}
if (process.argv.includes('--golden')) {
  const lines = Object.entries(references).flatMap(([name, rows]) =>
    Object.entries(rows).map(([key, ids]) => {
      const { tokens, ids: hash } = goldenCase(ids ?? [], []);
      return `${JSON.stringify(`${name} | ${key}`)}: ${ids === null ? 'null' : JSON.stringify([tokens, hash])}`;
    }),
  );
  writeFileSync(join(root, 'test/parity/sanitize/golden.json'), `{\n${lines.join(',\n')}\n}\n`);
}
for (const failure of failures.slice(0, 20)) console.log(`  ${failure.slice(0, 600)}`);
console.log(`parity sanitize: ${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
