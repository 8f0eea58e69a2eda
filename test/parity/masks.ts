// Loss masks against transformers' `apply_chat_template(return_assistant_tokens_mask=True)` with Qwen3's tokenizer:
//  own     the project's own templates (their answers are kept in masks/golden.json; `--golden` rewrites it)
//  marked  TRL's training templates
//  twins   TRL's unmarked templates under trl-assistant against the masks of their training versions, where both print
//          the same text
// TRL's templates are those of the trainer's Python, else of the data folder; they are skipped where neither is there.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { MaskSpec } from '../../src/core/config.ts';
import { TemplateError } from '../../src/core/template/chat-template.ts';
import { findTrl } from '../../src/node/trl/find-trl.ts';
import {
  casesFolder,
  type GoldenCase,
  goldenCase,
  jinjaFiles,
  type Masked,
  masked,
  ownTemplates,
  readConversations,
  readTemplate,
  readTokenizer,
  tokenizerFolder,
} from './masks/cases.ts';

const root = resolve(process.env['SFT_LENS_ROOT'] ?? process.cwd());
const data = process.env['SFT_LENS_DATA'] ?? join(root, '../shared/data');
const python = process.env['SFT_LENS_PYTHON'] ?? join(root, '.cache/parity/venv/bin/python');

type Reference =
  | { readonly text: string; readonly ids: readonly number[]; readonly mask: readonly number[]; readonly error?: never }
  | { readonly error: string };
type References = Readonly<Record<string, Readonly<Record<string, Reference>>>>;

const tokenizer = readTokenizer(root);
const conversations = readConversations(root);
const failures: string[] = [];
let passed = 0;

function referencesOf(name: string, templates: readonly string[]): References {
  const folder = join(root, '.cache/parity/masks');
  mkdirSync(folder, { recursive: true });
  const out = join(folder, `${name}.json`);
  const script = join(root, 'test/parity/masks.py');
  const given = join(casesFolder(root), 'conversations.json');
  execFileSync(python, [script, tokenizerFolder(root), given, out, ...templates], { stdio: 'inherit' });
  return JSON.parse(readFileSync(out, 'utf8')) as References;
}

const same = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.prototype.every.call(a, (value, i) => value === b[i]);

function ours(path: string, name: string, spec: MaskSpec = 'trl-assistant'): Masked | TemplateError {
  try {
    return masked(readTemplate(path), conversations.get(name)!, tokenizer, spec);
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
}

function difference(reference: Reference, mine: Masked | TemplateError): string | null {
  if (reference.error !== undefined)
    return mine instanceof TemplateError ? null : `Python refuses it: ${reference.error}`;
  if (mine instanceof TemplateError) return `refused: ${mine.message}`;
  if (mine.rendering.text !== reference.text) return 'text';
  if (!same(mine.encoding.ids, reference.ids)) return 'ids';
  return same(mine.mask.trained, reference.mask) ? null : 'mask';
}

function compare(label: string, templates: readonly string[], references: References): void {
  let equal = 0;
  let total = 0;
  for (const path of templates) {
    const file = basename(path);
    for (const [name, reference] of Object.entries(references[file] ?? {})) {
      // what transformers itself gives: nothing where the template has no generation block
      const found = difference(reference, ours(path, name, { preset: 'trl-assistant', markers: 'require' }));
      total++;
      if (found === null) equal++;
      else failures.push(`${label} ${file} ${name}: ${found}`);
    }
  }
  passed += equal;
  console.log(`${label.padEnd(8)} ${equal} of ${total} equal, ${templates.length} templates`);
}

/**
 * Cases whose difference is known: an older training version than the one whose mask is followed (1.16), and an empty
 * generation block that Python trains a straddling token for.
 */
const KNOWN_TWINS = new Set(['llava_next.jinja parts', 'diffusion_gemma.jinja call-null']);

function compareTwins(label: string, templates: readonly string[], references: References, spec?: MaskSpec): void {
  let equal = 0;
  let total = 0;
  let known = 0;
  for (const path of templates) {
    const file = basename(path);
    const twin = references[file.replace('.jinja', '_training.jinja')];
    if (twin === undefined || file.includes('_training')) continue;
    for (const [name, plain] of Object.entries(references[file] ?? {})) {
      const trained = twin[name];
      if (trained === undefined || plain.error !== undefined || trained.error !== undefined) continue;
      if (plain.text !== trained.text) continue;
      const found = difference(trained, ours(path, name, spec));
      total++;
      if (found === null) equal++;
      else if (KNOWN_TWINS.has(`${file} ${name}`)) known++;
      else failures.push(`${label} ${file} ${name}: ${found}`);
    }
  }
  passed += equal;
  console.log(`${label.padEnd(8)} ${equal} of ${total} equal, ${known} known to differ`);
}

const own = ownTemplates(root);
const ownReferences = referencesOf('own', own);
compare('own', own, ownReferences);
if (process.argv.includes('--golden')) {
  const golden: Record<string, Record<string, GoldenCase | null>> = {};
  for (const [file, rows] of Object.entries(ownReferences)) {
    const cases: Record<string, GoldenCase | null> = (golden[file] = {});
    for (const [name, row] of Object.entries(rows))
      cases[name] = row.error === undefined ? goldenCase(row.ids, row.mask) : null;
  }
  const lines = JSON.stringify(golden).replaceAll('},"', '},\n"').replaceAll('null,"', 'null,\n"');
  writeFileSync(join(casesFolder(root), 'golden.json'), `${lines}\n`);
}

const trlFolder = (await findTrl([join(root, '.cache/trainer/venv')])) ?? join(data, 'chat_templates/trl');
const trl = jinjaFiles(trlFolder);
if (trl.length === 0) console.log(`skipped: ${trlFolder} is not here`);
else {
  const references = referencesOf('trl', trl);
  compare(
    'marked',
    trl.filter((path) => path.endsWith('_training.jinja')),
    references,
  );
  compareTwins('twins', trl, references);
}

// The pair that was another one in TRL 1.13.
const older = await findTrl([join(root, '.cache/trainers/trl-1.13')]);
if (older !== null) {
  const llava = jinjaFiles(older).filter((path) => basename(path).startsWith('llava_next'));
  const spec = { preset: 'trl-assistant', version: '1.13' } as const;
  compareTwins('1.13', llava, referencesOf('trl-1.13', llava), spec);
}

for (const failure of failures.slice(0, 20)) console.log(`  ${failure}`);
console.log(`parity masks: ${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
