// The defects of transformers' `return_assistant_tokens_mask` (B1 to B8), each met by templates, conversations and
// tokenizers of ours, against Python. `--golden` rewrites mask-defects/golden.json, which `npm test` compares.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CONVERSATIONS, maskOfCase, readTokenizer, TEMPLATES, TOKENIZERS } from './mask-defects/cases.ts';
import { goldenCase } from './masks/cases.ts';

const root = resolve(process.env['SFT_LENS_ROOT'] ?? process.cwd());
const python = process.env['SFT_LENS_PYTHON'] ?? join(root, '.cache/parity/venv/bin/python');

type Reference =
  | {
      readonly text: string;
      readonly ids: readonly number[];
      readonly mask: readonly number[];
      /** Masks of `truncation=True`, by max_length. */
      readonly cut: Readonly<Record<string, readonly number[]>>;
      readonly error?: never;
    }
  | { readonly text: string; readonly error: string };

const folder = join(root, '.cache/parity/mask-defects');
mkdirSync(folder, { recursive: true });
const given = join(folder, 'cases.json');
const out = join(folder, 'python.json');
writeFileSync(
  given,
  JSON.stringify({
    tokenizers: Object.fromEntries(
      TOKENIZERS.map((name) => [name, join(root, `test/fixtures/tokenizers/${name}.json`)]),
    ),
    templates: TEMPLATES,
    conversations: CONVERSATIONS,
  }),
);
execFileSync(python, [join(root, 'test/parity/mask-defects.py'), given, out], { stdio: 'inherit' });
const references = JSON.parse(readFileSync(out, 'utf8')) as Readonly<Record<string, Reference>>;

const same = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.prototype.every.call(a, (value, i) => value === b[i]);

const tokenizers = new Map(TOKENIZERS.map((name) => [name, readTokenizer(root, name)]));
const failures: string[] = [];
let passed = 0;
let cuts = 0;
for (const [key, reference] of Object.entries(references)) {
  const [name = '', template = '', conversation = ''] = key.split(' | ');
  const { text, encoding, mask } = maskOfCase(tokenizers.get(name)!, template, conversation);
  const wrong: string[] = [];
  if (text !== reference.text) wrong.push('text');
  else if (reference.error !== undefined || mask === null) {
    if (reference.error === undefined || mask !== null) wrong.push(reference.error ?? 'Python does not refuse it');
  } else if (!same(encoding.ids, reference.ids)) wrong.push('ids');
  else if (!same(mask, reference.mask)) wrong.push('mask');
  else
    for (const [length, cut] of Object.entries(reference.cut)) {
      cuts++;
      if (!same(mask.subarray(0, Number(length)), cut)) wrong.push(`mask cut at ${length}`);
    }
  if (wrong.length === 0) passed++;
  else failures.push(`${key}: ${wrong.join(', ')}`);
}
console.log(
  `${TOKENIZERS.length} tokenizers x ${Object.keys(TEMPLATES).length} templates x ${Object.keys(CONVERSATIONS).length} conversations: ${passed} of ${passed + failures.length} equal; ${cuts} cut by max_length equal`,
);
if (process.argv.includes('--golden')) {
  const golden = Object.entries(references).map(([key, row]) => {
    const kept = row.error === undefined ? goldenCase(row.ids, row.mask) : { error: row.error.split(':')[0] };
    return `${JSON.stringify(key)}: ${JSON.stringify(kept)}`;
  });
  writeFileSync(join(root, 'test/parity/mask-defects/golden.json'), `{\n${golden.join(',\n')}\n}\n`);
}
for (const failure of failures.slice(0, 20)) console.log(`  ${failure}`);
console.log(`parity mask-defects: ${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
