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

const root = resolve(process.env['SFT_LENS_ROOT'] ?? process.cwd());
const data = process.env['SFT_LENS_DATA'] ?? join(root, '../shared/data');
const python = process.env['SFT_LENS_PYTHON'] ?? join(root, '.cache/parity/venv/bin/python');
const versions = join(root, '.cache/parity/transformers');
const here = join(root, 'test/parity');

/** What only the environments tell apart. */
const OWN: readonly (readonly [string, string])[] = [
  ['messages', '{% for m in messages %}{{ m }}\n{{ m.keys() | list }}{% endfor %}'],
  ['json', '{{ messages | tojson }}{{ tools | tojson }}'],
  ['thoughts', '{% for m in messages %}{{ m.thinking }}|{{ m.reasoning }}|{{ m.reasoning_content }};{% endfor %}'],
  [
    'content',
    '{% for m in messages %}{{ m.role ~ m.content }}{{ m.content is defined }}{{ m.content is none }}{% endfor %}',
  ],
  ['concatenation', "{% for m in messages %}{{ '<' + m.role + '>' + m.content }}{% endfor %}"],
  ['namespace', '{% set ns = namespace(_a=1) %}{{ ns._a }}|{{ ns }}'],
  ['namespace set', '{% set ns = namespace(a=1) %}{% set ns._b = 2 %}{{ ns._b }}{{ ns.a }}'],
  ['namespace error', '{% set ns = namespace(a=1) %}{{ ns.b.c }}'],
  ['dict', "{{ dict(a=1) }}{{ dict.fromkeys('ab', 1) }}{{ dict.get({'a': 1}, 'a') }}"],
  ['dict methods', "{{ dict.keys({'a': 1}) | list }}"],
  ['dict unsafe', '{{ dict.__class__ }}|{{ dict.mro }}'],
];

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
  const list = [
    ...allTemplates(data),
    ...OWN.map(([name, source]): Named => ({ group: 'own', name: `own:${name}`, source })),
  ];
  const text = readFileSync(join(here, 'templates/conversations-versions.json'), 'utf8');
  const expected = TRANSFORMERS_RULES.map((rules) => references(rules, list, text));
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
