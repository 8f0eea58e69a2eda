import { plain, recased, type Text } from '../origin/traced.ts';

/** Python's case methods and character classes, which are Unicode's with a few turns of their own. */

const GREEK_IOTA = /^[\u1f80-\u1faf\u1fb2-\u1fb4\u1fb7\u1fbc\u1fc2-\u1fc4\u1fc7\u1fcc\u1ff2-\u1ff4\u1ff7\u1ffc]$/;
const DIGRAPHS: Readonly<Record<string, string>> = {
  ...{ Ǆ: 'ǅ', ǅ: 'ǅ', ǆ: 'ǅ', Ǉ: 'ǈ', ǈ: 'ǈ', ǉ: 'ǈ', Ǌ: 'ǋ', ǋ: 'ǋ', ǌ: 'ǋ', Ǳ: 'ǲ', ǲ: 'ǲ', ǳ: 'ǲ' },
};

/** A character at the beginning of a word: Unicode's full title case. */
function titled(c: string): string {
  if (c < '\x80') return c.toUpperCase();
  const digraph = DIGRAPHS[c];
  if (digraph !== undefined) return digraph;
  // Georgian has capitals, but no title case.
  if (c >= '\u10d0' && c <= '\u10ff' && c.length === 1) return c;
  const upper = c.toUpperCase();
  if (GREEK_IOTA.test(c)) return withIota(c, upper);
  if (c === 'ß' || c === 'և' || (c >= '\ufb00' && c <= '\ufb17' && c.length === 1)) {
    const [first = '', ...rest] = upper;
    return first + rest.join('').toLowerCase();
  }
  return upper;
}

/** A Greek letter with an iota below keeps it there: the capital where there is one, else a combining iota. */
function withIota(c: string, upper: string): string {
  const code = c.charCodeAt(0);
  if (code <= 0x1faf) return String.fromCharCode(code | 8);
  const single: Readonly<Record<string, string>> = { ᾳ: 'ᾼ', ᾼ: 'ᾼ', ῃ: 'ῌ', ῌ: 'ῌ', ῳ: 'ῼ', ῼ: 'ῼ' };
  return single[c] ?? `${upper.slice(0, -1)}\u0345`;
}

const CASED = /\p{Cased}/u;
const UPPER = /\p{Uppercase}/u;
const LOWER = /\p{Lowercase}/u;
const TITLE = /\p{Lt}/u;

export const upper = (text: Text): Text => recased(text, plain(text).toUpperCase());
export const lower = (text: Text): Text => recased(text, plain(text).toLowerCase());

/** Each character with its lower case in this text, where a final sigma differs from the others. */
function* lowered(value: string): Generator<readonly [string, string]> {
  if (!value.includes('Σ')) {
    for (const c of value) yield [c, c.toLowerCase()];
    return;
  }
  // A whole text lowers a sigma by what stands around it; no other character depends on its place.
  const whole = value.toLowerCase();
  let at = 0;
  for (const c of value) {
    const low = c === 'Σ' ? whole.slice(at, at + 1) : c.toLowerCase();
    yield [c, low];
    at += low.length;
  }
}

export function capitalize(text: Text): Text {
  const value = plain(text);
  if (value === '') return text;
  let out = '';
  for (const [c, low] of lowered(value)) out += out === '' ? titled(c) : low;
  return recased(text, out);
}

/** `str.title`: a letter after something uncased is raised, every other lowered. */
export function title(text: Text): Text {
  let out = '';
  let inWord = false;
  for (const [c, low] of lowered(plain(text))) {
    out += inWord ? low : titled(c);
    inWord = CASED.test(c);
  }
  return recased(text, out);
}

export function swapcase(text: Text): Text {
  let out = '';
  for (const [c, low] of lowered(plain(text))) out += UPPER.test(c) ? low : LOWER.test(c) ? c.toUpperCase() : c;
  return recased(text, out);
}

/** Full case folding. */
export function casefold(text: Text): Text {
  return recased(text, Array.from(plain(text), folded).join(''));
}

function folded(c: string): string {
  if (c < '\x80') return c.toLowerCase();
  if (c >= '\u13a0' && c <= '\u13f5') return c;
  if ((c >= '\u13f8' && c <= '\u13fd') || (c >= '\uab70' && c <= '\uabbf' && c.length === 1)) return c.toUpperCase();
  return c === '\u1e9e' ? 'ss' : c.toUpperCase().toLowerCase();
}

export const isUpper = (v: string): boolean => UPPER.test(v) && !LOWER.test(v) && !TITLE.test(v);
export const isLower = (v: string): boolean => LOWER.test(v) && !UPPER.test(v) && !TITLE.test(v);

export function isTitle(value: string): boolean {
  let inWord = false;
  let cased = false;
  for (const c of value) {
    if (UPPER.test(c) || TITLE.test(c)) {
      if (inWord) return false;
      inWord = true;
      cased = true;
    } else if (LOWER.test(c)) {
      if (!inWord) return false;
      cased = true;
    } else inWord = false;
  }
  return cased;
}

/** Characters with a digit's value that are no decimal digits: superscripts, circled and others. */
const DIGITS =
  '\\u00b2\\u00b3\\u00b9\\u1369-\\u1371\\u19da\\u2070\\u2074-\\u2079\\u2080-\\u2089\\u2460-\\u2468\\u2474-\\u247c' +
  '\\u2488-\\u2490\\u24ea\\u24f5-\\u24fd\\u24ff\\u2776-\\u277e\\u2780-\\u2788\\u278a-\\u2792\\u{10a40}-\\u{10a43}' +
  '\\u{10e60}-\\u{10e68}\\u{11052}-\\u{1105a}\\u{1f100}-\\u{1f10a}';
/** Ideographs that stand for numbers. */
const NUMERALS =
  '\\u3405\\u3483\\u382a\\u3b4d\\u4e00\\u4e03\\u4e07\\u4e09\\u4e5d\\u4e8c\\u4e94\\u4e96\\u4ebf\\u4ec0\\u4edf\\u4ee8' +
  '\\u4f0d\\u4f70\\u5104\\u5146\\u5169\\u516b\\u516d\\u5341\\u5343-\\u5345\\u534c\\u53c1-\\u53c4\\u56db\\u58f1\\u58f9' +
  '\\u5e7a\\u5efe\\u5eff\\u5f0c-\\u5f0e\\u5f10\\u62fe\\u634c\\u67d2\\u6f06\\u7396\\u767e\\u8086\\u842c\\u8cae\\u8cb3' +
  '\\u8d30\\u9621\\u9646\\u964c\\u9678\\u96f6\\uf96b\\uf973\\uf978\\uf9b2\\uf9d1\\uf9d3\\uf9fd\\u{20001}\\u{20064}' +
  '\\u{200e2}\\u{20121}\\u{2092a}\\u{20983}\\u{2098c}\\u{2099c}\\u{20aea}\\u{20afd}\\u{20b19}\\u{22390}\\u{22998}' +
  '\\u{23b1b}\\u{2626d}\\u{2f890}';

/** `isdigit`, `isalpha` and the other questions that every character of a text answers alike. */
export const CLASSES: Readonly<Record<string, RegExp>> = {
  isdecimal: /^\p{Nd}+$/u,
  isdigit: new RegExp(`^[\\p{Nd}${DIGITS}]+$`, 'u'),
  isnumeric: new RegExp(`^[\\p{N}${NUMERALS}]+$`, 'u'),
  isalpha: /^\p{L}+$/u,
  isalnum: /^[\p{L}\p{N}]+$/u,
  isascii: /^[\x00-\x7f]*$/,
  isidentifier: /^[\p{XID_Start}_]\p{XID_Continue}*$/u,
  isprintable: /^[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]*$/u,
};
