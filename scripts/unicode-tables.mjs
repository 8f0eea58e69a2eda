// Writes src/core/tokenizer/unicode-tables.ts from the Unicode files, as the npm packages @unicode/unicode-VERSION hold them:
// node scripts/unicode-tables.mjs. The libraries that tokenizers 0.23 is built from have Unicode versions of their own.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './lib/run.mjs';

const VERSIONS = { 8: '8.0.0', 9: '9.0.0', 16: '16.0.0', 17: '17.0.0' };
const CATEGORIES = {
  Lu: 'Uppercase_Letter',
  Ll: 'Lowercase_Letter',
  Lt: 'Titlecase_Letter',
  Lm: 'Modifier_Letter',
  Lo: 'Other_Letter',
  Mn: 'Nonspacing_Mark',
  Mc: 'Spacing_Mark',
  Me: 'Enclosing_Mark',
  Nd: 'Decimal_Number',
  Nl: 'Letter_Number',
  No: 'Other_Number',
  Pc: 'Connector_Punctuation',
  Pd: 'Dash_Punctuation',
  Ps: 'Open_Punctuation',
  Pe: 'Close_Punctuation',
  Pi: 'Initial_Punctuation',
  Pf: 'Final_Punctuation',
  Po: 'Other_Punctuation',
  Sm: 'Math_Symbol',
  Sc: 'Currency_Symbol',
  Sk: 'Modifier_Symbol',
  So: 'Other_Symbol',
  Zs: 'Space_Separator',
  Zl: 'Line_Separator',
  Zp: 'Paragraph_Separator',
  Cc: 'Control',
  Cf: 'Format',
  Cs: 'Surrogate',
  Co: 'Private_Use',
};

const folder = mkdtempSync(join(tmpdir(), 'unicode-'));
for (const [major, version] of Object.entries(VERSIONS)) {
  const into = join(folder, major);
  mkdirSync(into);
  const archive = execFileSync('npm', ['pack', '--silent', `@unicode/unicode-${version}`], {
    cwd: into,
    encoding: 'utf8',
  });
  execFileSync('tar', ['-xzf', archive.trim().split('\n').at(-1), '--strip-components=1'], { cwd: into });
}
const load = async (major, path) => (await import(pathToFileURL(join(folder, major, `${path}.mjs`)))).default;

/** Code points of properties, all in one. */
async function members(major, paths) {
  const has = new Uint8Array(0x110001);
  for (const path of paths) for (const { begin, end } of await load(major, `${path}/ranges`)) has.fill(1, begin, end);
  return has;
}

/** How far each range is from the one before, and behind a "+" how many follow its first code point; to the base 36. */
function written(has) {
  const words = [];
  let last = 0;
  for (let code = 0; code < 0x110000; code++) {
    if (has[code] === 0) continue;
    let end = code + 1;
    while (has[end] === 1) end++;
    words.push((code - last).toString(36) + (end - code > 1 ? `+${(end - code - 1).toString(36)}` : ''));
    last = end;
    code = end - 1;
  }
  return words.join(' ');
}

const set = async (major, ...paths) => written(await members(major, paths));
const categories = (...names) => names.map((name) => `General_Category/${CATEGORIES[name]}`);

async function scripts(major) {
  const found = {};
  for (const name of readdirSync(join(folder, major, 'Script')).sort())
    if (!name.startsWith('index') && name !== 'Unknown') found[name] = await set(major, `Script/${name}`);
  return found;
}

/** Runs of code points that are lowercased alike: first, how many more, how far apart, and what is added. */
async function lowercase(major) {
  const pairs = [...(await load(major, 'Simple_Case_Mapping/Lowercase/code-points'))].sort(([a], [b]) => a - b);
  const runs = [];
  for (const [from, to] of pairs) {
    const run = runs.at(-1);
    const step = run === undefined ? 0 : from - run.last;
    if (run !== undefined && to - from === run.add && step <= 2 && (run.count === 1 || run.step === step)) {
      run.last = from;
      run.step = step;
      run.count++;
    } else runs.push({ first: from, last: from, step: 1, count: 1, add: to - from });
  }
  return runs
    .map(({ first, count, step, add }) => [first, count - 1, step, add].map((n) => n.toString(36)).join(':'))
    .join(' ');
}

const text = (name, comment, value) => `/** ${comment} */\nexport const ${name} =\n  '${value}';\n`;
const table = (name, comment, entries) =>
  `/** ${comment} */\nexport const ${name}: Readonly<Record<string, string>> = {\n${Object.entries(entries)
    .map(([key, value]) => `  ${key}:\n    '${value}',\n`)
    .join('')}};\n`;

const categories16 = {};
for (const name of Object.keys(CATEGORIES)) categories16[name] = await set('16', ...categories(name));

const parts = [
  '// Made by scripts/unicode-tables.mjs from the Unicode files. Sets are written as `written` there says.\n',
  table('CATEGORIES_16', 'General categories.', categories16),
  text(
    'OTHER_ALPHABETIC_16',
    'Alphabetic beside letters and letter numbers.',
    await set('16', 'Binary_Property/Other_Alphabetic'),
  ),
  text('OTHER_LOWERCASE_16', 'Lowercase beside Ll.', await set('16', 'Binary_Property/Other_Lowercase')),
  text('OTHER_UPPERCASE_16', 'Uppercase beside Lu.', await set('16', 'Binary_Property/Other_Uppercase')),
  table('SCRIPTS_16', 'Scripts.', await scripts('16')),
  text('NUMBERS_17', 'N.', await set('17', ...categories('Nd', 'Nl', 'No'))),
  text(
    'LOWERCASE_17',
    'Simple lowercase mappings, in runs: first:more:step:added, to the base 36.',
    await lowercase('17'),
  ),
  text('MARKS_9', 'M.', await set('9', ...categories('Mn', 'Mc', 'Me'))),
  text('ASSIGNED_9', 'All general categories but Cn.', await set('9', ...categories(...Object.keys(CATEGORIES)))),
  table('SCRIPTS_9', 'Scripts.', await scripts('9')),
  text('NONSPACING_8', 'Mn.', await set('8', ...categories('Mn'))),
  text('PUNCTUATION_8', 'P.', await set('8', ...categories('Pc', 'Pd', 'Ps', 'Pe', 'Pi', 'Pf', 'Po'))),
  text('OTHER_8', 'Cc, Cf and Co.', await set('8', ...categories('Cc', 'Cf', 'Co'))),
];
writeFileSync(join(root, 'src/core/tokenizer/unicode-tables.ts'), parts.join('\n'));
rmSync(folder, { recursive: true, force: true });
