// Patterns against Oniguruma: each class of characters over all code points, and random patterns over random texts.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TokenizerError } from '../../src/core/tokenizer/errors.ts';
import { compileOniguruma } from '../../src/core/tokenizer/regex.ts';
import { CATEGORIES_16, SCRIPTS_16 } from '../../src/core/tokenizer/unicode-tables.ts';
import { generator } from './tokenizers/corpus.ts';

const root = resolve(process.env['SFT_LENS_ROOT'] ?? process.cwd());
const python = process.env['SFT_LENS_PYTHON'] ?? join(root, '.cache/parity/venv/bin/python');
const folder = join(root, '.cache/parity/patterns');
const PATTERNS = 2000;

const POSIX = [
  'alnum',
  'alpha',
  'ascii',
  'blank',
  'cntrl',
  'digit',
  'graph',
  'lower',
  'print',
  'punct',
  'space',
  'upper',
  'word',
  'xdigit',
];
const SETS = [
  ...[
    ...Object.keys(CATEGORIES_16),
    'L',
    'M',
    'N',
    'P',
    'S',
    'Z',
    'C',
    'Cn',
    'LC',
    'Letter',
    'Alphabetic',
    'Lowercase',
    'Uppercase',
  ].map((name) => `\\p{${name}}`),
  ...Object.keys(SCRIPTS_16)
    .filter((_, i) => i % 12 === 0)
    .map((name) => `\\p{${name}}`),
  ...[
    'Han',
    'Hani',
    'Hiragana',
    'Katakana',
    'Hangul',
    'Latin',
    'Cyrillic',
    'Greek',
    'Arabic',
    'Thai',
    'Devanagari',
    'Common',
  ].map((name) => `\\p{${name}}`),
  ...POSIX.flatMap((name) => [`[[:${name}:]]`, `\\p{${name}}`]),
  ...['\\s', '\\S', '\\w', '\\W', '\\d', '\\h', '\\N', '.', '[^\\s\\p{L}\\p{N}]', '[\\p{L}\\p{M}&&[^\\p{Han}]]'],
  ...['(?i:k)', '(?i:s)', '(?i:\u00e9)', '(?i:\u03c3)', '(?i:[a-z])', '(?i:\u00e5)', '(?i:\u01c6)', '(?i:\u0436)'],
];

const random = generator(1789);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

const ATOMS = [
  'a',
  'b',
  'x',
  'B',
  ' ',
  '\\n',
  '.',
  '\\s',
  '\\S',
  '\\w',
  '\\d',
  '\\p{L}',
  '\\p{Lu}',
  '\\p{N}',
  '\\P{L}',
  '[ab]',
  '[^a]',
  '[a-x&&[^b]]',
  '[^\\s\\p{L}\\p{N}]',
  '\\p{Han}',
  '\u00e9',
  '\u4f60',
  '\\R',
  "'",
  '[[:punct:]]',
];
const ENDS = ['', '', '', '', '*', '+', '?', '{2}', '{1,3}', '{,2}', '*?', '+?', '++', '*+', '?+', '{1,3}+', '{2}?'];
const PLACES = ['\\b', '\\B', '^', '$', '\\A', '\\z', '\\Z', '(?=a)', '(?!b)', '(?<=a)', '(?<!\\s)', '(?!\\S)'];

function randomPattern(depth: number): string {
  let pattern = '';
  for (let i = 1 + Math.floor(random() * 4); i > 0; i--) {
    const kind = random();
    if (kind < 0.15) pattern += pick(PLACES);
    else if (kind < 0.35 && depth > 0)
      pattern += `${pick(['(?:', '(?>', '(?i:', '(', '(?='])}${randomPattern(depth - 1)})${''}`;
    else if (kind < 0.42 && depth > 0) pattern += `(?:${randomPattern(depth - 1)})${pick(ENDS)}`;
    else pattern += `${pick(ATOMS)}${pick(ENDS)}`;
  }
  return random() < 0.25 ? `${pattern}|${randomPattern(depth - 1)}` : pattern;
}

function randomText(): string {
  const bits = [
    'a',
    'b',
    'ab',
    'aab',
    'x',
    'B',
    'A',
    ' ',
    '  ',
    '\n',
    '\r\n',
    '\n\n',
    '1',
    '22',
    '333',
    "'",
    '.',
    '!?',
    '\u00e9',
    '\u00c9',
    '\u4f60\u597d',
    '\ud83d\ude00',
    '\u0301',
    '\u00b2',
    '\u2581',
  ];
  let text = '';
  for (let i = Math.floor(random() * 14); i >= 0; i--) text += pick(bits);
  return text;
}

function memberPairs(pattern: string): number[] {
  const find = compileOniguruma(pattern);
  const pairs: number[] = [];
  for (let from = 0; from < 0x110000; from += 0x1000) {
    if (from >= 0xd000 && from < 0xe000 && from !== 0xd000) continue;
    const codes = Array.from({ length: 0x1000 }, (_, i) => from + i).filter((code) => code < 0xd800 || code >= 0xe000);
    const places = new Map<number, number>();
    let text = '';
    for (const code of codes) {
      places.set(text.length, code);
      text += String.fromCodePoint(code);
    }
    const bounds = find(text);
    for (let i = 0; i < bounds.length; i += 2) {
      const code = places.get(bounds[i]!)!;
      if (pairs.at(-1) === code - 1) pairs[pairs.length - 1] = code;
      else pairs.push(code, code);
    }
  }
  return pairs;
}

function pieceEnds(pattern: string, texts: readonly string[]): number[][] {
  const find = compileOniguruma(pattern);
  return texts.map((text) => {
    const units = [...new Set([...find(text), text.length])].filter((unit) => unit > 0);
    return units.map((unit) => [...text.slice(0, unit)].length);
  });
}

function main(): number {
  const patterns = Array.from({ length: PATTERNS }, () => randomPattern(2));
  const texts = Array.from({ length: 24 }, randomText);
  mkdirSync(folder, { recursive: true });
  const cases = join(folder, 'cases.json');
  const out = join(folder, 'out.jsonl');
  writeFileSync(cases, JSON.stringify({ sets: SETS, patterns, texts }));
  execFileSync(python, [join(root, 'test/parity/patterns.py'), cases, out], {
    stdio: ['ignore', 'inherit', 'ignore'],
  });
  const answers = readFileSync(out, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  let passed = 0;
  let refused = 0;
  const failures: string[] = [];
  [...SETS, ...patterns].forEach((pattern, i) => {
    const expected = answers[i];
    let actual: unknown;
    try {
      actual = i < SETS.length ? memberPairs(pattern) : pieceEnds(pattern, texts);
    } catch (error) {
      if (!(error instanceof TokenizerError)) throw error;
      actual = null;
    }
    // What is refused here is said; what Python refuses cannot be compared.
    if (actual === null || expected === null) refused++;
    else if (JSON.stringify(actual) === JSON.stringify(expected)) passed++;
    else {
      const at =
        i < SETS.length
          ? -1
          : (expected as unknown[]).findIndex(
              (each, k) => JSON.stringify(each) !== JSON.stringify((actual as unknown[])[k]),
            );
      failures.push(
        `${pattern}${at < 0 ? '' : ` on ${JSON.stringify(texts[at])}: ${JSON.stringify((actual as unknown[])[at])} instead of ${JSON.stringify((expected as unknown[])[at])}`}`,
      );
    }
  });
  for (const failure of failures.slice(0, 25)) console.log(failure);
  console.log(
    `${SETS.length} classes over every code point, ${PATTERNS} patterns x ${texts.length} texts; ${refused} refused on either side`,
  );
  console.log(`parity patterns: ${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

process.exitCode = main();
