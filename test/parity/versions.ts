// Rendering rules: what `apply_chat_template` of transformers 4.57, 5.18, 5.21 and 5.23 prints of rows that can differ
// between them, under every template at hand and some that show what a version's environment allows.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { TRANSFORMERS_RULES, type TransformersRules } from '../../src/core/config.ts';
import { compileTemplate } from '../../src/core/template/compile-template.ts';
import { canDiffer } from '../../src/core/template/prepare.ts';
import { allTemplates, type Named } from './templates/collect.ts';
import { compareCase, DATE, type Reference, readConversations, SPECIAL } from './templates/compare.ts';
import { VERSION_TEMPLATES } from './templates/version-templates.ts';

const root = resolve(process.env['SFT_LENS_ROOT'] ?? process.cwd());
const data = process.env['SFT_LENS_DATA'] ?? join(root, '../shared/data');
const python = process.env['SFT_LENS_PYTHON'] ?? join(root, '.cache/parity/venv/bin/python');
const versions = join(root, '.cache/parity/transformers');
const here = join(root, 'test/parity');
const golden = process.argv.includes('--golden');

function references(
  rules: TransformersRules,
  list: readonly Named[],
  conversations: string,
): Record<string, Record<string, Reference>> {
  const folder = join(root, '.cache/parity/versions');
  mkdirSync(folder, { recursive: true });
  const [cases, out] = [join(folder, `${rules}.json`), join(folder, `${rules}.python.json`)];
  const sources = JSON.stringify(Object.fromEntries(list.map(({ name, source }) => [name, source])));
  writeFileSync(
    cases,
    `{"date":${JSON.stringify(DATE)},"special":${JSON.stringify(SPECIAL)},"templates":${sources},"conversations":${conversations}}`,
  );
  const own = join(versions, rules);
  const path = [...(existsSync(own) ? [own] : []), process.env['PYTHONPATH'] ?? ''].join(delimiter);
  execFileSync(python, [join(here, 'versions.py'), cases, out], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PYTHONPATH: path },
  });
  const { version, result } = JSON.parse(readFileSync(out, 'utf8'));
  if (!version.startsWith(`${rules}.`)) throw new Error(`${own} holds transformers ${version}, not ${rules}`);
  return result;
}

function main(): number {
  const list = [...allTemplates(data), ...VERSION_TEMPLATES];
  const text = readFileSync(join(here, 'templates/conversations-versions.json'), 'utf8');
  const expected = TRANSFORMERS_RULES.map((rules) => references(rules, list, text));
  if (golden) {
    const kept = expected.map((result, i) => [
      TRANSFORMERS_RULES[i],
      Object.fromEntries(VERSION_TEMPLATES.map(({ name }) => [name, result[name]])),
    ]);
    writeFileSync(
      join(here, 'templates/golden/versions.json'),
      `${JSON.stringify(Object.fromEntries(kept), null, 1)}\n`,
    );
    console.log('Wrote test/parity/templates/golden/versions.json');
  }
  const table: Record<string, { renders: number; raised: number; differ: number; unforeseen: number }> = {};
  let shown = 0;
  let renders = 0;
  let failed = 0;
  const programs = list.map(({ name, source }) => {
    try {
      return compileTemplate(name, source);
    } catch (error) {
      return error as Error;
    }
  });
  TRANSFORMERS_RULES.forEach((rules, version) => {
    const tally = { renders: 0, raised: 0, differ: 0, unforeseen: 0 };
    table[rules] = tally;
    const conversations = readConversations(text, rules);
    list.forEach(({ name, group }, i) => {
      for (const [key, reference] of Object.entries(expected[version]![name]!)) {
        tally.renders++;
        if (reference.error !== undefined) tally.raised++;
        const found = conversations.get(key)!;
        const problem = compareCase(programs[i]!, found, reference, false);
        // What the messages alone say cannot differ must not.
        const newest = expected.at(-1)![name]![key]!;
        const foreseen = group === 'own' || canDiffer(found.original) || reference.text === newest.text;
        if (!foreseen) tally.unforeseen++;
        if (problem === null && foreseen) continue;
        if (problem !== null) tally.differ++;
        if (shown++ < 40) console.log(`DIFFERS ${rules} ${name} ${key}: ${problem ?? 'not foreseen'}`);
      }
    });
    renders += tally.renders;
    failed += tally.differ + tally.unforeseen;
  });
  console.table(table);
  console.log(`parity versions: ${renders - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = main();
