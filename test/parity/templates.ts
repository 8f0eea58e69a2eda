// Our chat templates against transformers' (text, generation spans, raise or not), over every template at hand, ours
// included. Also: the traced text is the plain text, its segments leave no gap, and each copy equals its source.
// `--golden` writes the committed golden file of our own templates.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ChatTemplate } from '../../src/core/template/chat-template.ts';
import { compileTemplate } from '../../src/core/template/compile-template.ts';
import { allTemplates, type Named, ownTemplates } from './templates/collect.ts';
import { type Case, compareCase, DATE, type Reference, readConversations, SPECIAL } from './templates/compare.ts';

const root = resolve(process.env['SFT_LENS_ROOT'] ?? process.cwd());
const data = process.env['SFT_LENS_DATA'] ?? join(root, '../shared/data');
const python = process.env['SFT_LENS_PYTHON'] ?? join(root, '.cache/parity/venv/bin/python');
const folder = join(root, '.cache/parity/templates');
const here = join(root, 'test/parity');
const conversationsFile = join(here, 'templates/conversations.json');
const goldenOnly = process.argv.includes('--golden');

function references(list: readonly Named[]): Record<string, Record<string, Reference>> {
  mkdirSync(folder, { recursive: true });
  const cases = join(folder, 'cases.json');
  const out = join(folder, 'python.json');
  const sources = JSON.stringify(Object.fromEntries(list.map(({ name, source }) => [name, source])));
  // The conversations go through as text: their numbers must not pass through JavaScript.
  const conversations = readFileSync(conversationsFile, 'utf8');
  writeFileSync(
    cases,
    `{"date":${JSON.stringify(DATE)},"special":${JSON.stringify(SPECIAL)},"templates":${sources},"conversations":${conversations}}`,
  );
  execFileSync(python, [join(here, 'templates.py'), cases, out], { stdio: ['ignore', 'ignore', 'inherit'] });
  return JSON.parse(readFileSync(out, 'utf8')) as Record<string, Record<string, Reference>>;
}

interface Tally {
  templates: number;
  renders: number;
  printed: number;
  raised: number;
  spans: number;
  differ: number;
}

function main(): number {
  if (!existsSync(python)) {
    console.log(`There is no Python at ${python}. Make the environment first, or name one in SFT_LENS_PYTHON.`);
    return 2;
  }
  const list = goldenOnly ? ownTemplates() : allTemplates(data);
  const expected = references(list);
  const conversations = readConversations(readFileSync(conversationsFile, 'utf8'));
  if (goldenOnly) {
    writeFileSync(join(here, 'templates/golden/bundled.json'), `${JSON.stringify(expected, null, 1)}\n`);
    console.log('Wrote test/parity/templates/golden/bundled.json');
  }
  const table: Record<string, Tally> = {};
  let shown = 0;
  for (const { group, name, source } of list) {
    const tally = (table[group] ??= { templates: 0, renders: 0, printed: 0, raised: 0, spans: 0, differ: 0 });
    tally.templates++;
    let template: ChatTemplate | Error;
    try {
      template = compileTemplate(name, source);
    } catch (error) {
      template = error as Error;
    }
    for (const [key, reference] of Object.entries(expected[name]!)) {
      tally.renders++;
      if (reference.error === undefined) tally.printed++;
      else tally.raised++;
      tally.spans += reference.spans?.length ?? 0;
      const found: Case = conversations.get(key)!;
      const problem = compareCase(template, found, reference);
      if (problem === null) continue;
      tally.differ++;
      if (shown++ < 60) console.log(`DIFFERS ${name} ${key}: ${problem}`);
    }
  }
  console.table(table);
  const differ = Object.values(table).reduce((sum, tally) => sum + tally.differ, 0);
  const renders = Object.values(table).reduce((sum, tally) => sum + tally.renders, 0);
  console.log(`parity templates: ${renders - differ} passed, ${differ} failed`);
  return differ === 0 ? 0 : 1;
}

process.exitCode = main();
