import { type CodePointSet, complement, intersection, single, union } from './code-point-set.ts';
import { TokenizerError } from './errors.ts';
import { bracketSet, HEX, property, propertySet, SPACE } from './unicode-sets.ts';

/** A pattern of Oniguruma (Ruby syntax, UTF-8), which tokenizers 0.23 uses, taken apart. */
export type Node =
  | { readonly kind: 'set'; readonly set: CodePointSet }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'repeat'; readonly body: Node; readonly min: number; readonly max: number; readonly lazy: boolean }
  /** Once it has matched, it is not tried in another way. */
  | { readonly kind: 'atomic'; readonly body: Node }
  | { readonly kind: 'look'; readonly body: Node; readonly behind: boolean; readonly negated: boolean }
  | { readonly kind: 'at'; readonly place: Place };

export type Place =
  | 'text start'
  | 'text end'
  | 'last line end'
  | 'line start'
  | 'line end'
  | 'word edge'
  | 'no word edge';

/** Repeats that are counted out. */
export const MOST_REPEATS = 100_000;
const DEEPEST = 100;
const NEWLINE = single(10);
const LINE_BREAKS: CodePointSet = [10, 13, 0x85, 0x85, 0x2028, 0x2029];
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, a: 7, e: 27 };
/** Together these fold to one character (ß, ﬁ, ﬆ), which matches them where case is ignored. */
const FOLDS_TOGETHER = /ss|ff|fi|fl|st|[ßŉǰẖẗẘẙẚẞﬀ-ﬆﬓ-ﬗİ]/iu;

/** Characters that fold to the same one, where neither case leads to the others. */
const FOLD_ALIKE =
  'sS\u017f kK\u212a \u00e5\u00c5\u212b \u00b5\u03bc\u039c \u01c4\u01c5\u01c6 \u01c7\u01c8\u01c9 \u01ca\u01cb\u01cc \u01f1\u01f2\u01f3 \u03b2\u03d0\u0392 \u03b5\u03f5\u0395 \u03b8\u03d1\u0398\u03f4 \u0345\u03b9\u0399\u1fbe \u03ba\u03f0\u039a \u03c0\u03d6\u03a0 \u03c1\u03f1\u03a1 \u03c3\u03c2\u03a3 \u03c6\u03d5\u03a6 \u03c9\u03a9\u2126 \u1e61\u1e9b\u1e60'.split(
    ' ',
  );

/** What the options of a group say. */
interface Options {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly extended: boolean;
}

/** @throws TokenizerError where the pattern is broken, or has what is not known here. */
export function parsePattern(pattern: string): Node {
  return new Parser(pattern).parse();
}

/** Recursive descent over the pattern. Stateful, hence a class. */
class Parser {
  readonly #pattern: string;
  #at = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  parse(): Node {
    const node = this.#choice({ ignoreCase: false, dotAll: false, extended: false });
    if (this.#at < this.#pattern.length) this.#fail('an unmatched )');
    return node;
  }

  #fail(what: string): never {
    const shown = this.#pattern.length > 200 ? `${this.#pattern.slice(0, 200)}...` : this.#pattern;
    throw new TokenizerError(`the pattern ${JSON.stringify(shown)} has ${what}, which is not known here.`);
  }

  #peek(ahead = 0): string {
    return this.#pattern[this.#at + ahead] ?? '';
  }

  #rest(most: number): string {
    return this.#pattern.slice(this.#at, this.#at + most);
  }

  #accept(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #takeChar(): number {
    const code = this.#pattern.codePointAt(this.#at);
    if (code === undefined) this.#fail('no end');
    this.#at += code > 0xffff ? 2 : 1;
    return code;
  }

  #choice(options: Options): Node {
    if (++this.#depth > DEEPEST) this.#fail('groups too deep in one another');
    const found: Node[] = [];
    let items: Node[] = [];
    /** Literal characters in a row, for what they fold to. */
    let literal = '';
    while (this.#at < this.#pattern.length && this.#peek() !== ')') {
      if (this.#accept('|')) {
        found.push(sequence(items));
        items = [];
        literal = '';
        continue;
      }
      if (options.extended && this.#skipBlank()) continue;
      const toggle = /^\(\?([imx]*)(?:-([imx]*))?\)/.exec(this.#rest(12));
      if (toggle !== null) {
        // The rest of the group, alternatives included, is one group of its own in Ruby.
        this.#at += toggle[0].length;
        items.push(this.#choice(changed(options, toggle[1], toggle[2])));
        break;
      }
      const start = this.#at;
      const atom = this.#atom(options);
      if (atom !== null) items.push(this.#quantified(atom));
      literal = atom?.kind === 'set' ? literal + this.#pattern.slice(start, this.#at) : '';
      if (options.ignoreCase && FOLDS_TOGETHER.test(literal))
        this.#fail(`${JSON.stringify(literal)} where case is ignored`);
    }
    found.push(sequence(items));
    this.#depth--;
    return found.length === 1 ? found[0]! : { kind: 'choice', options: found };
  }

  /** Blanks and comments of an extended pattern. */
  #skipBlank(): boolean {
    const blank = /^(?:[ \t\n\r\f\v]+|#[^\n]*(?:\n|$))/.exec(this.#pattern.slice(this.#at));
    if (blank === null) return false;
    this.#at += blank[0].length;
    return true;
  }

  #quantified(atom: Node): Node {
    let node = atom;
    for (let count = 0; ; count++) {
      const bounds = this.#bounds();
      if (bounds === null) return node;
      if (count >= 8) this.#fail('one repeat after the other');
      const [min, max, isInterval] = bounds;
      if (node.kind === 'at' || node.kind === 'look') this.#fail('a repeat of what has no width');
      const lazy = !(isInterval && min === max) && this.#peek() === '?';
      if (lazy) this.#at++;
      node = repeated(node, min, max, lazy);
      // `{2}+` is a repeat of a repeat; `++` is possessive.
      if (!lazy && !isInterval && this.#accept('+')) node = { kind: 'atomic', body: node };
    }
  }

  /** Least and most times, and whether they stand in braces; null where no quantifier follows. */
  #bounds(): [number, number, boolean] | null {
    if (this.#accept('*')) return [0, Number.POSITIVE_INFINITY, false];
    if (this.#accept('+')) return [1, Number.POSITIVE_INFINITY, false];
    if (this.#accept('?')) return [0, 1, false];
    const interval = /^\{(\d*)(,?)(\d*)\}/.exec(this.#rest(24));
    if (interval === null || (interval[1] === '' && interval[3] === '')) return null;
    this.#at += interval[0].length;
    const [, low = '', comma = '', high = ''] = interval;
    const min = low === '' ? 0 : Number(low);
    const max = comma === '' ? min : high === '' ? Number.POSITIVE_INFINITY : Number(high);
    if (min > MOST_REPEATS || (max !== Number.POSITIVE_INFINITY && max > MOST_REPEATS))
      this.#fail(`a repeat of more than ${MOST_REPEATS} times`);
    if (max < min) this.#fail(`the repeat ${interval[0]}`);
    return [min, max, true];
  }

  /** Null for a comment. */
  #atom(options: Options): Node | null {
    const char = this.#peek();
    if (char === '(') return this.#group(options);
    if (char === '[') return { kind: 'set', set: this.#charClass(options.ignoreCase) };
    if (this.#accept('.')) return { kind: 'set', set: options.dotAll ? property('any') : complement(NEWLINE) };
    if (this.#accept('^')) return { kind: 'at', place: 'line start' };
    if (this.#accept('$')) return { kind: 'at', place: 'line end' };
    if (char === '\\') return this.#escape(options.ignoreCase);
    if (char === '*' || char === '+' || char === '?') this.#fail(`a ${char} that repeats nothing`);
    return { kind: 'set', set: cased(this.#takeChar(), options.ignoreCase) };
  }

  #group(options: Options): Node | null {
    this.#at++;
    let inside = options;
    let wrap = (body: Node): Node => body;
    const flags = /^\?([imx]*)(?:-([imx]*))?:/.exec(this.#rest(12));
    if (flags !== null) {
      this.#at += flags[0].length;
      inside = changed(options, flags[1], flags[2]);
    } else if (this.#accept('?#')) {
      while (this.#at < this.#pattern.length && this.#peek() !== ')') this.#at++;
      if (!this.#accept(')')) this.#fail('an unclosed comment');
      return null;
    } else if (this.#accept('?>')) wrap = (body) => ({ kind: 'atomic', body });
    else {
      const look = ['?=', '?!', '?<=', '?<!'].find((prefix) => this.#accept(prefix));
      if (look !== undefined)
        wrap = (body) => ({ kind: 'look', body, behind: look.includes('<'), negated: look.endsWith('!') });
      else if (this.#peek() === '?') {
        const named = /^\?<[A-Za-z_]\w*>/.exec(this.#rest(100));
        if (named === null) this.#fail(`the group (${this.#rest(4)}`);
        this.#at += named[0].length;
      }
    }
    const body = this.#choice(inside);
    if (!this.#accept(')')) this.#fail('an unclosed group');
    return wrap(body);
  }

  #escape(ignoreCase: boolean): Node {
    const skip = (node: Node): Node => {
      this.#at += 2;
      return node;
    };
    switch (this.#peek(1)) {
      case 'A':
        return skip({ kind: 'at', place: 'text start' });
      case 'z':
        return skip({ kind: 'at', place: 'text end' });
      case 'Z':
        return skip({ kind: 'at', place: 'last line end' });
      case 'b':
        return skip({ kind: 'at', place: 'word edge' });
      case 'B':
        return skip({ kind: 'at', place: 'no word edge' });
      case 'N':
        return skip({ kind: 'set', set: complement(NEWLINE) });
      case 'O':
        return skip({ kind: 'set', set: property('any') });
      case 'R':
        return skip({
          kind: 'atomic',
          body: {
            kind: 'choice',
            options: [
              sequence([
                { kind: 'set', set: single(13) },
                { kind: 'set', set: single(10) },
              ]),
              { kind: 'set', set: LINE_BREAKS },
            ],
          },
        });
    }
    const set = this.#setEscape(ignoreCase);
    return { kind: 'set', set: set ?? cased(this.#charEscape(), ignoreCase) };
  }

  /** The set of `\s`, `\P{L}`, ..., or null where the escape is one character. */
  #setEscape(ignoreCase: boolean): CodePointSet | null {
    const next = this.#peek(1);
    const shorthand = shorthandSet(next.toLowerCase());
    if (shorthand !== null) {
      this.#at += 2;
      return next === next.toLowerCase() ? shorthand : complement(shorthand);
    }
    if (next !== 'p' && next !== 'P') return null;
    const found = /^\\([pP])\{(\^?)([^}]{0,60})\}/.exec(this.#rest(70));
    if (found === null) this.#fail('a broken \\p{...}');
    this.#at += found[0].length;
    const name = found[3] ?? '';
    const set = propertySet(name);
    if (set === null) this.#fail(`the property ${found[0]}`);
    if (ignoreCase && /^(?:l[ult]|lc|upper|lower|title|cased)/i.test(name))
      this.#fail(`${found[0]} where case is ignored`);
    return (found[1] === 'P') !== (found[2] === '^') ? complement(set) : set;
  }

  #charEscape(): number {
    const hex = /^\\x\{([0-9A-Fa-f]{1,8})\}|^\\x([0-9A-Fa-f]{1,2})|^\\u([0-9A-Fa-f]{4})/.exec(this.#rest(16));
    if (hex !== null) {
      this.#at += hex[0].length;
      const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16);
      if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000) || (hex[2] !== undefined && code > 0x7f))
        this.#fail(`the code point ${hex[0]}`);
      return code;
    }
    this.#at++;
    const code = this.#takeChar();
    const char = String.fromCodePoint(code);
    const control = CONTROLS[char];
    if (control !== undefined) return control;
    if (char === '0' && !/[0-7]/.test(this.#peek())) return 0;
    if (/[0-9A-Za-z]/.test(char)) this.#fail(`the escape \\${char}`);
    return code;
  }

  /** A bracketed class with nested classes, ranges and `&&`. */
  #charClass(ignoreCase: boolean): CodePointSet {
    if (++this.#depth > DEEPEST) this.#fail('classes too deep in one another');
    this.#at++;
    const isNegated = this.#accept('^');
    const operands: CodePointSet[] = [];
    let parts: CodePointSet[] = [];
    for (let isFirst = true; ; isFirst = false) {
      if (this.#at >= this.#pattern.length) this.#fail('an unclosed [');
      if (this.#peek() === ']' && !isFirst) break;
      if (this.#accept('&&')) {
        operands.push(union(...parts));
        parts = [];
      } else parts.push(this.#classItem(ignoreCase));
    }
    this.#at++;
    this.#depth--;
    const set = operands.reduceRight((left, right) => intersection(left, right), union(...parts));
    return isNegated ? complement(set) : set;
  }

  #classItem(ignoreCase: boolean): CodePointSet {
    const posix = /^\[:(\^?)([a-z]+):\]/.exec(this.#rest(20));
    if (posix !== null) {
      const set = /^(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit)$/.test(
        posix[2] ?? '',
      )
        ? bracketSet(posix[2] ?? '')
        : null;
      if (set === null || (ignoreCase && /lower|upper/.test(posix[0]))) this.#fail(`the class ${posix[0]}`);
      this.#at += posix[0].length;
      return posix[1] === '^' ? complement(set) : set;
    }
    if (this.#peek() === '[') return this.#charClass(ignoreCase);
    if (this.#peek() === '\\') {
      const set = this.#setEscape(ignoreCase);
      if (set !== null) return set;
    }
    const low = this.#classChar();
    if (this.#peek() !== '-' || this.#peek(1) === ']' || this.#peek(1) === '' || this.#rest(3) === '-&&')
      return cased(low, ignoreCase);
    const isBeforeSet = this.#peek(1) === '[' || (this.#peek(1) === '\\' && /[sSwWdDhHpP]/.test(this.#peek(2)));
    if (isBeforeSet) return cased(low, ignoreCase);
    this.#at++;
    const high = this.#classChar();
    if (high < low) this.#fail('a range that ends before it begins');
    if (!ignoreCase) return [low, high];
    if (high - low > 0x400) this.#fail('a wide range where case is ignored');
    return union(...Array.from({ length: high - low + 1 }, (_, i) => cased(low + i, true)));
  }

  #classChar(): number {
    if (this.#peek() !== '\\') return this.#takeChar();
    if (this.#peek(1) !== 'b') return this.#charEscape();
    this.#at += 2;
    return 8;
  }
}

/** `\p{N}{1,3}+`, which is a repeat of a repeat here, is one repeat: any number of times between can be made up. */
function repeated(body: Node, min: number, max: number, lazy: boolean): Node {
  if (body.kind !== 'repeat' || body.body.kind !== 'set' || body.min > 1 || body.max < 1 || lazy || body.lazy)
    return { kind: 'repeat', body, min, max, lazy };
  return { ...body, min: body.min * min, max: max === 0 ? 0 : body.max * max };
}

function sequence(items: readonly Node[]): Node {
  return items.length === 1 ? items[0]! : { kind: 'sequence', items };
}

function changed(options: Options, on = '', off = ''): Options {
  const value = (flag: string, before: boolean) => (on.includes(flag) ? true : off.includes(flag) ? false : before);
  return {
    ignoreCase: value('i', options.ignoreCase),
    dotAll: value('m', options.dotAll),
    extended: value('x', options.extended),
  };
}

function shorthandSet(letter: string): CodePointSet | null {
  switch (letter) {
    case 's':
      return SPACE;
    case 'w':
      return property('word');
    case 'd':
      return property('nd');
    case 'h':
      return HEX;
    default:
      return null;
  }
}

/** The character, and where case is ignored those that fold to the same one. */
function cased(code: number, ignoreCase: boolean): CodePointSet {
  if (!ignoreCase) return single(code);
  const char = String.fromCodePoint(code);
  const variants = new Set([char]);
  for (const variant of [char.toLowerCase(), char.toUpperCase(), char.toUpperCase().toLowerCase()])
    if (variant.length === char.length) variants.add(variant);
  for (const others of FOLD_ALIKE) if (others.includes(char)) for (const other of others) variants.add(other);
  return union(...[...variants].map((variant) => single(variant.codePointAt(0)!)));
}
