import { type CodePointSet, complement, decodeSet, has, single, union } from './code-point-set.ts';
import {
  ASSIGNED_9,
  CATEGORIES_16,
  LOWERCASE_17,
  MARKS_9,
  NONSPACING_8,
  NUMBERS_17,
  OTHER_8,
  OTHER_ALPHABETIC_16,
  OTHER_LOWERCASE_16,
  OTHER_UPPERCASE_16,
  PUNCTUATION_8,
  SCRIPTS_16,
} from './unicode-tables.ts';

/*
 * The Unicode of the libraries that tokenizers 0.23 is built from, each of its own version, so that nothing depends on the
 * version that the host has: Oniguruma and the crate regex 16, Rust itself 17, unicode_categories 8,
 * unicode-normalization-alignments 9. Found by comparing every code point.
 */

/** Reads a set when it is first asked for. */
function lazy(make: () => CodePointSet): () => CodePointSet {
  let set: CodePointSet | null = null;
  return () => (set ??= make());
}

function test(make: () => CodePointSet): (code: number) => boolean {
  const set = lazy(make);
  return (code) => has(set(), code);
}

/** `unicode-normalization-alignments`: what it does not know neither decomposes, composes nor moves. */
export const isKnownToForms = test(() => decodeSet(ASSIGNED_9));
/** `is_combining_mark` of the same crate. */
export const isMark = test(() => decodeSet(MARKS_9));
/** `is_mark_nonspacing` of `unicode_categories`. */
export const isNonspacing = test(() => decodeSet(NONSPACING_8));
/** `is_other` of `unicode_categories`, which leaves out what is unassigned. */
export const isOther = test(() => decodeSet(OTHER_8));
/** `is_punctuation` of `unicode_categories`, and `is_ascii_punctuation`. */
export const PUNCTUATION = lazy(() =>
  union(decodeSet(PUNCTUATION_8), [0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e]),
);
/** `char::is_numeric`. */
export const NUMERIC = lazy(() => decodeSet(NUMBERS_17));

const MAPPED_ALONE = 0x130;
let lowerCase: ReadonlyMap<number, number> | null = null;

/** `char::to_lowercase`. */
export function toLowerCase(char: string): string {
  const code = char.codePointAt(0)!;
  if (code < 0x80) return code >= 0x41 && code <= 0x5a ? String.fromCharCode(code + 32) : char;
  if (code === MAPPED_ALONE) return 'i\u0307';
  lowerCase ??= readLowerCase();
  const lower = lowerCase.get(code);
  return lower === undefined ? char : String.fromCodePoint(lower);
}

function readLowerCase(): Map<number, number> {
  const map = new Map<number, number>();
  for (const run of LOWERCASE_17.split(' ')) {
    const [first = 0, more = 0, step = 0, add = 0] = run.split(':').map((digits) => Number.parseInt(digits, 36));
    for (let i = 0; i <= more; i++) map.set(first + i * step, first + i * step + add);
  }
  return map;
}

// Oniguruma and the crate regex.

/** White space is the same in all of them, and all of it is in the basic plane. */
export const SPACE: CodePointSet = [
  9, 13, 0x20, 0x20, 0x85, 0x85, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f,
  0x205f, 0x3000, 0x3000,
];
export const HEX: CodePointSet = [0x30, 0x39, 0x41, 0x46, 0x61, 0x66];
const ASCII: CodePointSet = [0, 0x7f];
/** ² ³ ¹ ¼ ½ ¾, which Oniguruma takes for word characters outside of brackets. */
const LATIN_NUMBERS: CodePointSet = [0xb2, 0xb3, 0xb9, 0xb9, 0xbc, 0xbe];

const wordInBrackets = lazy(() => union(property('alphabetic'), property('m'), property('nd'), property('pc')));

/** `[:name:]`, which is now and then another set than `\p{name}`. */
export function bracketSet(name: string): CodePointSet | null {
  if (name === 'word') return wordInBrackets();
  if (name === 'punct') return union(property('p'), property('s'));
  return readPosix(name);
}

const known = new Map<string, CodePointSet | null>();

/** The set of a property by its name, which counts without case, spaces, hyphens and underscores; null where it has none. */
export function propertySet(name: string): CodePointSet | null {
  const key = name.toLowerCase().replace(/[ _-]/g, '');
  let set = known.get(key);
  if (set === undefined) known.set(key, (set = readProperty(key)));
  return set;
}

/** What is known to have a set. */
export function property(name: string): CodePointSet {
  const set = propertySet(name);
  if (set === null) throw new Error(`There is no property ${name}.`);
  return set;
}

/** General categories by what the names of their kinds are in full. */
const FULL_NAMES: Readonly<Record<string, string>> = {
  letter: 'l',
  casedletter: 'lc',
  uppercaseletter: 'lu',
  lowercaseletter: 'll',
  titlecaseletter: 'lt',
  modifierletter: 'lm',
  otherletter: 'lo',
  mark: 'm',
  combiningmark: 'm',
  nonspacingmark: 'mn',
  spacingmark: 'mc',
  enclosingmark: 'me',
  number: 'n',
  decimalnumber: 'nd',
  letternumber: 'nl',
  othernumber: 'no',
  punctuation: 'p',
  connectorpunctuation: 'pc',
  dashpunctuation: 'pd',
  openpunctuation: 'ps',
  closepunctuation: 'pe',
  initialpunctuation: 'pi',
  finalpunctuation: 'pf',
  otherpunctuation: 'po',
  symbol: 's',
  mathsymbol: 'sm',
  currencysymbol: 'sc',
  modifiersymbol: 'sk',
  othersymbol: 'so',
  separator: 'z',
  spaceseparator: 'zs',
  lineseparator: 'zl',
  paragraphseparator: 'zp',
  other: 'c',
  control: 'cc',
  format: 'cf',
  surrogate: 'cs',
  privateuse: 'co',
  unassigned: 'cn',
};
const SCRIPT_ALIASES: Readonly<Record<string, string>> = {
  arab: 'arabic',
  cyrl: 'cyrillic',
  deva: 'devanagari',
  grek: 'greek',
  hang: 'hangul',
  hani: 'han',
  hebr: 'hebrew',
  hira: 'hiragana',
  kana: 'katakana',
  latn: 'latin',
  zyyy: 'common',
  zinh: 'inherited',
};

function readProperty(key: string): CodePointSet | null {
  const set = readCategory(FULL_NAMES[key] ?? key) ?? readPosix(key);
  if (set !== null) return set;
  const script = SCRIPT_ALIASES[key] ?? key;
  for (const name of Object.keys(SCRIPTS_16))
    if (name.toLowerCase().replaceAll('_', '') === script) return decodeSet(SCRIPTS_16[name]!);
  return script === 'unknown' ? complement(union(...Object.values(SCRIPTS_16).map(decodeSet))) : null;
}

function readCategory(key: string): CodePointSet | null {
  if (key === 'cn') return complement(assigned());
  if (key === 'lc') return union(...['Lu', 'Ll', 'Lt'].map((name) => decodeSet(CATEGORIES_16[name]!)));
  if (key === 'c') return union(property('cn'), ...members('c'));
  const sets = /^(?:[lmnpsz]|[a-z]{2})$/.test(key) ? members(key) : [];
  return sets.length === 0 ? null : union(...sets);
}

/** Of the general categories whose names begin so. */
const members = (key: string): CodePointSet[] =>
  Object.keys(CATEGORIES_16)
    .filter((name) => name.toLowerCase().startsWith(key))
    .map((name) => decodeSet(CATEGORIES_16[name]!));

const assigned = lazy(() => union(...Object.values(CATEGORIES_16).map(decodeSet)));

function readPosix(key: string): CodePointSet | null {
  switch (key) {
    case 'any':
      return [0, 0x10ffff];
    case 'assigned':
      return assigned();
    case 'ascii':
      return ASCII;
    case 'alnum':
      return union(property('alphabetic'), property('nd'));
    case 'alpha':
    case 'alphabetic':
      return union(property('l'), property('nl'), decodeSet(OTHER_ALPHABETIC_16));
    case 'blank':
      return union(property('zs'), single(9));
    case 'cntrl':
      return property('cc');
    case 'digit':
      return property('nd');
    case 'graph':
      return complement(union(SPACE, property('cc'), property('cn'), property('cs')));
    case 'lower':
    case 'lowercase':
      return union(property('ll'), decodeSet(OTHER_LOWERCASE_16));
    case 'print':
      return complement(union(property('cc'), property('cn'), property('cs'), property('zl'), property('zp')));
    case 'punct':
      return property('p');
    case 'space':
    case 'whitespace':
      return SPACE;
    case 'upper':
    case 'uppercase':
      return union(property('lu'), decodeSet(OTHER_UPPERCASE_16));
    case 'word':
      return union(wordInBrackets(), LATIN_NUMBERS);
    case 'xdigit':
      return HEX;
    default:
      return null;
  }
}

/** `\w` of the crate regex, which has the joiners as well. */
export const RUST_WORD = lazy(() => union(wordInBrackets(), [0x200c, 0x200d]));
export const isRustWord = test(RUST_WORD);
