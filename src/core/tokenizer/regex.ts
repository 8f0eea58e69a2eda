import { TokenizerError } from './errors.ts';
import { NEWER_THAN_ONIGURUMA } from './unicode-age.ts';

/**
 * Oniguruma patterns (Ruby syntax, UTF-8), which tokenizers 0.23 uses, as JavaScript regular expressions in `v` mode.
 * What has no equivalent throws `TokenizerError`.
 *
 * - possessive `X++` and atomic `(?>X)`: a lookahead that captures, followed by a back reference;
 * - `\s \w \d`: Unicode sets (JavaScript's `\s` has U+FEFF and lacks U+0085);
 * - `(?i:...)`: letters are spelled out with their simple case variants (ſ for s, the Kelvin sign for k);
 * - `$` and `^` are line ends and line starts.
 */
export function compileOniguruma(pattern: string): RegExp {
  const source = new Translator(pattern).translate();
  try {
    return new RegExp(source, 'gv');
  } catch (error) {
    throw new TokenizerError(`The pattern ${JSON.stringify(pattern)} cannot be used: ${String(error)}`);
  }
}

/** A pattern that matches `text` itself. */
export function literalPattern(text: string): RegExp {
  return new RegExp(
    text.replace(/[\\^$.*+?()[\]{}|/-]/g, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`),
    'gv',
  );
}

const SPACE = '\\p{White_Space}';
const WORD = asOfOniguruma('\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}');
const HEX = '0-9A-Fa-f';

/** The inside of a class without the characters that are too new for Oniguruma. */
function asOfOniguruma(inside: string): string {
  return `[[${inside}]--[${NEWER_THAN_ONIGURUMA}]]`;
}

/** The insides of a class for each shorthand escape. */
const SHORTHANDS: Readonly<Record<string, string>> = { s: SPACE, w: WORD, d: '\\p{Nd}', h: HEX };

const POSIX: Readonly<Record<string, string>> = {
  alnum: '\\p{Alphabetic}\\p{Nd}',
  alpha: '\\p{Alphabetic}',
  ascii: '\\0-\\x7f',
  blank: '\\p{Zs}\\t',
  cntrl: '\\p{Cc}\\p{Cf}\\p{Cn}\\p{Co}\\p{Cs}',
  digit: '\\p{Nd}',
  lower: '\\p{Lowercase}',
  punct: '\\p{P}\\$\\+<=>\\^`\\|~',
  space: SPACE,
  upper: '\\p{Uppercase}',
  word: WORD,
  xdigit: HEX,
};

const CONTROL_ESCAPES: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, a: 7, e: 27 };

/** Recursive descent over the pattern; each method returns JavaScript source. Stateful, hence a class. */
class Translator {
  readonly #pattern: string;
  #at = 0;
  #atomicGroups = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  translate(): string {
    const source = this.#alternatives(false);
    if (this.#at < this.#pattern.length) this.#fail('an unmatched )');
    return source;
  }

  #fail(what: string): never {
    throw new TokenizerError(`The pattern ${JSON.stringify(this.#pattern)} has ${what}.`);
  }

  #peek(ahead = 0): string {
    return this.#pattern[this.#at + ahead] ?? '';
  }

  #accept(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #takeChar(): string {
    const code = this.#pattern.codePointAt(this.#at);
    if (code === undefined) this.#fail('no end');
    const char = String.fromCodePoint(code);
    this.#at += char.length;
    return char;
  }

  #alternatives(ignoreCase: boolean): string {
    let source = '';
    let inside = ignoreCase;
    while (this.#at < this.#pattern.length && this.#peek() !== ')') {
      if (this.#accept('|')) {
        source += '|';
        continue;
      }
      const toggle = /^\(\?(-?)i\)/.exec(this.#pattern.slice(this.#at, this.#at + 5));
      if (toggle !== null) {
        // The rest of the group, alternatives included, is one group of its own in Ruby.
        this.#at += toggle[0].length;
        inside = toggle[1] === '';
        return `${source}(?:${this.#alternatives(inside)})`;
      }
      source += this.#quantified(this.#atom(inside));
    }
    return source;
  }

  #quantified(atom: string): string {
    let source = atom;
    for (;;) {
      const quantifier = this.#quantifier();
      if (quantifier === null) return source;
      // A second quantifier, as in `a{2}+`, repeats the repetition.
      const base = source === atom ? atom : `(?:${source})`;
      const isInterval = quantifier.startsWith('{');
      if (!isInterval && this.#accept('+')) source = this.#atomic(base + quantifier);
      else if (this.#peek() === '?' && !(isInterval && !quantifier.includes(','))) {
        this.#at++;
        source = `${base}${quantifier}?`;
      } else source = base + quantifier;
    }
  }

  #quantifier(): string | null {
    const char = this.#peek();
    if (char === '*' || char === '+' || char === '?') {
      this.#at++;
      return char;
    }
    const interval = /^\{(\d*)(,?)(\d*)\}/.exec(this.#pattern.slice(this.#at));
    if (interval === null || (interval[1] === '' && interval[3] === '')) return null;
    this.#at += interval[0].length;
    const [, low = '', comma = '', high = ''] = interval;
    return `{${low === '' ? '0' : low}${comma}${high}}`;
  }

  #atomic(source: string): string {
    const name = `atomic${this.#atomicGroups++}`;
    return `(?:(?=(?<${name}>${source}))\\k<${name}>)`;
  }

  #atom(ignoreCase: boolean): string {
    if (this.#peek() === '(') return this.#group(ignoreCase);
    if (this.#peek() === '[') return this.#charClass(ignoreCase);
    if (this.#accept('.')) return '[^\\n]';
    if (this.#accept('^')) return '(?:^|(?<=\\n)(?!$))';
    if (this.#accept('$')) return '(?=\\n|$)';
    if (this.#peek() === '\\') return this.#escape(ignoreCase);
    return literal(this.#takeChar(), ignoreCase);
  }

  #group(ignoreCase: boolean): string {
    this.#at++;
    let open = '(?:';
    let inside = ignoreCase;
    let isAtomic = false;
    if (this.#accept('?:')) open = '(?:';
    else if (this.#accept('?>')) isAtomic = true;
    else if (this.#accept('?i:')) inside = true;
    else if (this.#accept('?-i:')) inside = false;
    else {
      const look = ['?=', '?!', '?<=', '?<!'].find((prefix) => this.#accept(prefix));
      if (look !== undefined) open = `(${look}`;
      else if (this.#peek() === '?') {
        const named = /^\?<[A-Za-z_]\w*>/.exec(this.#pattern.slice(this.#at));
        if (named === null) this.#fail(`the group (${this.#pattern.slice(this.#at, this.#at + 4)}`);
        this.#at += named[0].length;
      }
    }
    const body = this.#alternatives(inside);
    if (!this.#accept(')')) this.#fail('an unclosed group');
    return isAtomic ? this.#atomic(body) : `${open}${body})`;
  }

  #escape(ignoreCase: boolean): string {
    const next = this.#peek(1);
    if (next === 'A') return this.#skip('^');
    if (next === 'z') return this.#skip('$');
    if (next === 'Z') return this.#skip('(?=\\n?$)');
    if (next === 'b') return this.#skip(`(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`);
    if (next === 'B') return this.#skip(`(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`);
    const set = this.#setEscape(ignoreCase);
    if (set !== null) return set;
    return literal(String.fromCodePoint(this.#charEscape()), ignoreCase);
  }

  #skip(source: string): string {
    this.#at += 2;
    return source;
  }

  /** `\s`, `\P{L}`, ... as a class, or null where the escape is one character. */
  #setEscape(ignoreCase: boolean): string | null {
    const next = this.#peek(1);
    const shorthand = SHORTHANDS[next.toLowerCase()];
    if (shorthand !== undefined) {
      this.#at += 2;
      return next === next.toLowerCase() ? `[${shorthand}]` : `[^${shorthand}]`;
    }
    if (next !== 'p' && next !== 'P') return null;
    const property = /^\\([pP])\{(\^?)([^}]*)\}/.exec(this.#pattern.slice(this.#at));
    if (property === null) this.#fail('a broken \\p{...}');
    this.#at += property[0].length;
    const name = property[3] ?? '';
    const isNegated = (property[1] === 'P') !== (property[2] === '^');
    const set = unicodeSet(name);
    if (set === null) this.#fail(`the unknown property ${property[0]}`);
    if (ignoreCase && /^(lu|ll|lt|upper|lower|uppercase|lowercase)/i.test(name))
      this.#fail(`${property[0]} where case is ignored`);
    return isNegated ? `[^${set}]` : `[${set}]`;
  }

  /** The code point of an escaped character. */
  #charEscape(): number {
    const rest = this.#pattern.slice(this.#at);
    const hex = /^\\x\{([0-9A-Fa-f]{1,8})\}|^\\x([0-9A-Fa-f]{1,2})|^\\u([0-9A-Fa-f]{4})/.exec(rest);
    if (hex !== null) {
      this.#at += hex[0].length;
      const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16);
      if (code > 0x10ffff) this.#fail(`the code point ${hex[0]}`);
      return code;
    }
    this.#at++;
    const char = this.#takeChar();
    const control = CONTROL_ESCAPES[char];
    if (control !== undefined) return control;
    if (char === '0' && !/\d/.test(this.#peek())) return 0;
    if (/[0-9A-Za-z]/.test(char)) this.#fail(`the escape \\${char}`);
    return char.codePointAt(0)!;
  }

  /** A bracketed class with nested classes, ranges and `&&`. */
  #charClass(ignoreCase: boolean): string {
    this.#at++;
    const isNegated = this.#accept('^');
    const operands: string[] = [];
    let current = '';
    let isFirst = true;
    for (;;) {
      if (this.#at >= this.#pattern.length) this.#fail('an unclosed [');
      if (this.#peek() === ']' && !isFirst) break;
      isFirst = false;
      if (this.#accept('&&')) {
        operands.push(current);
        current = '';
        continue;
      }
      current += this.#classItem(ignoreCase);
    }
    this.#at++;
    operands.push(current);
    const body = operands.length === 1 ? current : operands.map((operand) => `[${operand}]`).join('&&');
    return `[${isNegated ? '^' : ''}${body}]`;
  }

  #classItem(ignoreCase: boolean): string {
    const posix = /^\[:(\^?)([a-z]+):\]/.exec(this.#pattern.slice(this.#at, this.#at + 16));
    if (posix !== null) {
      const set = POSIX[posix[2] ?? ''];
      if (set === undefined) this.#fail(`the unknown class ${posix[0]}`);
      this.#at += posix[0].length;
      return posix[1] === '^' ? `[^${set}]` : set;
    }
    if (this.#peek() === '[') return this.#charClass(ignoreCase);
    if (this.#peek() === '\\') {
      const set = this.#setEscape(ignoreCase);
      if (set !== null) return set;
    }
    const low = this.#classChar();
    if (
      this.#peek() === '-' &&
      this.#peek(1) !== ']' &&
      this.#peek(1) !== '' &&
      !this.#pattern.startsWith('-&&', this.#at)
    ) {
      const dash = this.#at;
      this.#at++;
      const isSet = this.#peek() === '[' || (this.#peek() === '\\' && /[sSwWdDhHpP]/.test(this.#peek(1)));
      if (isSet) this.#at = dash;
      else return classRange(low, this.#classChar(), ignoreCase);
    }
    return caseVariants(low, ignoreCase).map(classLiteral).join('');
  }

  #classChar(): number {
    if (this.#peek() === '\\') {
      if (this.#peek(1) === 'b') {
        this.#at += 2;
        return 8;
      }
      return this.#charEscape();
    }
    return this.#takeChar().codePointAt(0)!;
  }
}

function literal(char: string, ignoreCase: boolean): string {
  const variants = caseVariants(char.codePointAt(0)!, ignoreCase);
  return variants.length === 1 ? classLiteral(variants[0]!) : `[${variants.map(classLiteral).join('')}]`;
}

/** One character, safe in and outside of a class. */
function classLiteral(code: number): string {
  const isPlain = (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  return isPlain ? String.fromCharCode(code) : `\\u{${code.toString(16)}}`;
}

function classRange(low: number, high: number, ignoreCase: boolean): string {
  let source = `${classLiteral(low)}-${classLiteral(high)}`;
  if (!ignoreCase) return source;
  if (high - low > 0x400) throw new TokenizerError('A wide range where case is ignored cannot be used.');
  for (let code = low; code <= high; code++) source += caseVariants(code, true).map(classLiteral).join('');
  return source;
}

/** The characters that fold to the same one as `code` under simple case folding. */
function caseVariants(code: number, ignoreCase: boolean): number[] {
  if (!ignoreCase) return [code];
  const char = String.fromCodePoint(code);
  const variants = new Set([char]);
  for (const variant of [char.toLowerCase(), char.toUpperCase(), char.toUpperCase().toLowerCase()])
    if (variant.length === char.length) variants.add(variant);
  const lower = char.toLowerCase();
  if (lower === 's' || char === '\u017f') for (const variant of 'sS\u017f') variants.add(variant);
  if (lower === 'k' || char === '\u212a') for (const variant of 'kK\u212a') variants.add(variant);
  return [...variants].map((variant) => variant.codePointAt(0)!);
}

const propertySets = new Map<string, string | null>();

/** The JavaScript spelling of an Oniguruma property: general categories, scripts and binary properties. */
function unicodeSet(name: string): string | null {
  const posix = POSIX[name.toLowerCase()];
  if (posix !== undefined) return posix;
  let known = propertySets.get(name);
  if (known === undefined) {
    const titled = name
      .split(/[ _-]/)
      .map((part) => (part === '' ? '' : part[0]!.toUpperCase() + part.slice(1).toLowerCase()))
      .join('_');
    const candidates = [name, titled, `Script=${name}`, `Script=${titled}`].map((property) => `\\p{${property}}`);
    const found = candidates.find(isProperty);
    if (found === undefined) known = null;
    else known = /^(c|cn|other|unassigned)$/i.test(name) ? `${found}${NEWER_THAN_ONIGURUMA}` : asOfOniguruma(found);
    propertySets.set(name, known);
  }
  return known;
}

function isProperty(source: string): boolean {
  try {
    new RegExp(`[${source}]`, 'u');
    return true;
  } catch {
    return false;
  }
}
