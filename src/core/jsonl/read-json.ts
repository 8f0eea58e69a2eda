import { Float, type Value } from './value.ts';

/** What the reader wanted at the place where it had to stop. */
export type Wanted =
  | 'value'
  | 'value-or-end'
  | 'key'
  | 'key-or-end'
  | 'colon'
  | 'comma-or-brace'
  | 'comma-or-bracket'
  | 'closing-quote'
  | 'no-control-character'
  | 'escape'
  | 'number'
  | 'end'
  | 'less-depth'
  | 'fewer-digits';

/** The first place where a text is not JSON. Offsets are UTF-16 units. */
export interface ReadFailure {
  readonly at: number;
  readonly wanted: Wanted;
  /** End of the last thing that was read: where a missing comma or bracket belongs. */
  readonly after: number;
  /** Start of the string or number that is being read; of the innermost open bracket otherwise; -1 outside of all. */
  readonly inside: number;
}

export type ReadResult =
  | { readonly value: Value; readonly failure: null; readonly suspicious: boolean }
  | { readonly value: undefined; readonly failure: ReadFailure; readonly suspicious: false };

/** Nested lists and objects. Python's json module raises RecursionError near 1,000 (CPython 3.11). */
export const MAX_DEPTH = 990;
/** CPython 3.11 and later refuse to read an integer of more decimal digits. */
export const MAX_DIGITS = 4300;

class Failed {
  readonly failure: ReadFailure;
  constructor(failure: ReadFailure) {
    this.failure = failure;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const HEX4 = /^[0-9a-fA-F]{4}$/;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;

/** A comma, a closing bracket, white space or the end: nothing that could belong to a number. */
const endsNumber = (code: number): boolean =>
  code === COMMA ||
  code === 0x7d ||
  code === 0x5d ||
  code === 0x20 ||
  code === 0x0a ||
  code === 0x0d ||
  code === 0x09 ||
  Number.isNaN(code);

/** One text, read once. State is the position; results leave through the return values. */
class Reader {
  readonly text: string;
  pos = 0;
  /** End of the last complete token. */
  after = 0;
  depth = 0;
  open = -1;
  /** Set when duplicate keys, lone surrogates or numbers that are not finite were seen: a second, slower look finds them. */
  suspicious = false;

  constructor(text: string) {
    this.text = text;
  }

  fail(wanted: Wanted, at = this.pos, inside = this.open): never {
    throw new Failed({ at, wanted, after: this.after, inside });
  }

  /** The code of the first character that is no white space; NaN at the end. */
  next(): number {
    const { text } = this;
    let code = text.charCodeAt(this.pos);
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) code = text.charCodeAt(++this.pos);
    return code;
  }

  value(wanted: Wanted): Value {
    const code = this.next();
    if (code === QUOTE) return this.string();
    if (code === 0x7b) return this.object();
    if (code === 0x5b) return this.array();
    if (code === 0x2d || (code >= 0x30 && code <= 0x39)) return this.number();
    if (code === 0x74) return this.word('true', true, wanted);
    if (code === 0x66) return this.word('false', false, wanted);
    if (code === 0x6e) return this.word('null', null, wanted);
    // What Python's json module reads besides JSON.
    if (code === 0x4e) return this.notFinite('NaN', Number.NaN, wanted);
    if (code === 0x49) return this.notFinite('Infinity', Number.POSITIVE_INFINITY, wanted);
    return this.fail(wanted);
  }

  word<T extends Value>(word: string, value: T, wanted: Wanted): T {
    if (!this.text.startsWith(word, this.pos)) this.fail(wanted);
    this.pos += word.length;
    this.after = this.pos;
    return value;
  }

  notFinite(word: string, value: number, wanted: Wanted): Float {
    this.word(word, null, wanted);
    this.suspicious = true;
    return new Float(value);
  }

  number(): Value {
    const { text } = this;
    const start = this.pos;
    // Most numbers are short ints (token ids): read without a pattern. What it is not sure of goes on below.
    const negative = text.charCodeAt(start) === 0x2d;
    const first = negative ? start + 1 : start;
    let at = first;
    let int = 0;
    let digit = text.charCodeAt(at) - 0x30;
    while (digit >= 0 && digit <= 9 && at - first < 15) {
      int = int * 10 + digit;
      digit = text.charCodeAt(++at) - 0x30;
    }
    if (at > first && (text.charCodeAt(first) !== 0x30 || at === first + 1) && endsNumber(digit + 0x30)) {
      this.pos = at;
      this.after = at;
      return negative && int !== 0 ? -int : int;
    }
    if (text.startsWith('-Infinity', start)) return this.notFinite('-Infinity', Number.NEGATIVE_INFINITY, 'number');
    NUMBER.lastIndex = start;
    const match = NUMBER.exec(text);
    if (match === null) return this.fail('number', start, start);
    const spelled = match[0];
    const end = start + spelled.length;
    const code = text.charCodeAt(end);
    // "01", "1.", "1e", "1abc": say so at the number and not after it.
    if (
      (code >= 0x30 && code <= 0x39) ||
      code === 0x2e ||
      code === 0x5f ||
      ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a)
    )
      this.fail('number', start, start);
    this.pos = end;
    this.after = end;
    if (match[1] !== undefined || match[2] !== undefined) {
      const value = Number(spelled);
      if (!Number.isFinite(value)) this.suspicious = true;
      return new Float(value);
    }
    const value = Number(spelled);
    if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
    if (spelled.length - (spelled.startsWith('-') ? 1 : 0) > MAX_DIGITS) this.fail('fewer-digits', start, start);
    return BigInt(spelled);
  }

  string(): string {
    const { text } = this;
    const start = this.pos + 1;
    const { length } = text;
    for (let i = start; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code === QUOTE) {
        this.pos = i + 1;
        this.after = this.pos;
        return text.slice(start, i);
      }
      if (code === BACKSLASH) return this.escapedString(start, i);
      if (code < 0x20) this.fail('no-control-character', i, start - 1);
    }
    return this.fail('closing-quote', length, start - 1);
  }

  escapedString(start: number, first: number): string {
    const { text } = this;
    const { length } = text;
    let result = text.slice(start, first);
    let from = first;
    let i = first;
    while (i < length) {
      const code = text.charCodeAt(i);
      if (code === QUOTE) {
        this.pos = i + 1;
        this.after = this.pos;
        return result + text.slice(from, i);
      }
      if (code < 0x20) this.fail('no-control-character', i, start - 1);
      if (code !== BACKSLASH) {
        i++;
        continue;
      }
      result += text.slice(from, i);
      const letter = text[i + 1];
      if (letter === undefined) this.fail('closing-quote', length, start - 1);
      if (letter === 'u') {
        const hex = text.slice(i + 2, i + 6);
        if (!HEX4.test(hex)) this.fail('escape', i, start - 1);
        const unit = Number.parseInt(hex, 16);
        if (unit >= 0xd800 && unit <= 0xdfff) this.suspicious = true;
        result += String.fromCharCode(unit);
        i += 6;
      } else {
        const character = ESCAPES[letter];
        if (character === undefined) this.fail('escape', i, start - 1);
        result += character;
        i += 2;
      }
      from = i;
    }
    return this.fail('closing-quote', length, start - 1);
  }

  object(): Value {
    const outer = this.open;
    if (++this.depth > MAX_DEPTH) this.fail('less-depth');
    this.open = this.pos++;
    this.after = this.pos;
    const members = new Map<string, Value>();
    let count = 0;
    let code = this.next();
    if (code !== 0x7d) {
      for (;;) {
        if (code !== QUOTE) this.fail(count === 0 ? 'key-or-end' : 'key');
        const key = this.string();
        if (this.next() !== COLON) this.fail('colon');
        this.after = ++this.pos;
        members.set(key, this.value('value'));
        count++;
        code = this.next();
        if (code === 0x7d) break;
        if (code !== COMMA) this.fail('comma-or-brace');
        this.after = ++this.pos;
        code = this.next();
      }
    }
    this.after = ++this.pos;
    this.depth--;
    this.open = outer;
    if (members.size !== count) this.suspicious = true;
    return members;
  }

  array(): Value {
    const outer = this.open;
    if (++this.depth > MAX_DEPTH) this.fail('less-depth');
    this.open = this.pos++;
    this.after = this.pos;
    const items: Value[] = [];
    if (this.next() !== 0x5d) {
      for (;;) {
        items.push(this.value(items.length === 0 ? 'value-or-end' : 'value'));
        const code = this.next();
        if (code === 0x5d) break;
        if (code !== COMMA) this.fail('comma-or-bracket');
        this.after = ++this.pos;
      }
    }
    this.after = ++this.pos;
    this.depth--;
    this.open = outer;
    return items;
  }
}

/**
 * Reads what Python's `json.loads` reads (CPython 3.11): JSON, `NaN`, `Infinity` and `-Infinity`; the last of duplicate keys
 * wins. Lossless (see Value), never throws. `suspicious` says that `findIssues` will find something.
 */
export function readJson(text: string): ReadResult {
  const reader = new Reader(text);
  try {
    const value = reader.value('value');
    reader.next();
    if (reader.pos < text.length) reader.fail('end');
    return { value, failure: null, suspicious: reader.suspicious || !text.isWellFormed() };
  } catch (thrown) {
    if (thrown instanceof Failed) return { value: undefined, failure: thrown.failure, suspicious: false };
    throw thrown;
  }
}
