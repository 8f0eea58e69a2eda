import { Failure, syntaxError } from './errors.ts';
import { reprString } from './repr.ts';

/**
 * Jinja2's lexer with `trim_blocks` and `lstrip_blocks`, as transformers sets it up; `keep_trailing_newline` is off, so
 * one newline at the end of the source is dropped. Newlines are normalized to `\n`.
 */
export type TokenType =
  | 'data'
  | 'block_begin'
  | 'block_end'
  | 'variable_begin'
  | 'variable_end'
  | 'name'
  | 'string'
  | 'integer'
  | 'float'
  | 'operator'
  /** Here the lexer gave up: the parser raises `failure` when it gets this far, as Jinja's does. */
  | 'failure'
  | 'eof';

export interface Token {
  readonly type: TokenType;
  /** Text of data, name and operator; the decoded value of a string; digits without `_` of a number. */
  readonly text: string;
  readonly line: number;
  readonly failure?: Failure;
}

const OPERATORS = [
  ...['//', '**', '==', '!=', '>=', '<='],
  ...['+', '-', '/', '*', '%', '~', '[', ']', '(', ')', '{', '}', '>', '<', '=', '.', ':', '|', ',', ';'],
];
const CLOSER: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const SPACE = /\s/;
const FLOAT = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const NAME = /[\p{L}\p{N}_\p{XID_Continue}]+/uy;
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
const RAW = /\s*raw\s*(-?)%\}/y;
const END_RAW = /\{%([-+]?)\s*endraw\s*([-+]?)%\}/g;

export function tokenize(source: string): readonly Token[] {
  return new Lexer(source).run();
}

function normalized(source: string): string {
  const text = source.replace(/\r\n|\r/g, '\n');
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

class Lexer {
  private readonly source: string;
  private readonly tokens: Token[] = [];
  private at = 0;
  private line = 1;
  /** Whether the text before `at` ended with a newline that the last token took (or nothing came before). */
  private lineStarting = true;

  constructor(source: string) {
    this.source = normalized(source);
  }

  run(): readonly Token[] {
    try {
      while (this.at < this.source.length) this.root();
      // Jinja's end has the line of the token before it.
      const line = this.tokens.at(-1)?.line ?? 1;
      this.tokens.push({ type: 'eof', text: '', line });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.tokens.push({ type: 'failure', text: '', line: error.line ?? this.line, failure: error });
    }
    return this.tokens;
  }

  private push(type: TokenType, text: string): void {
    this.tokens.push({ type, text, line: this.line });
  }

  private advance(to: number): void {
    for (let i = this.at; i < to; i++) if (this.source.charCodeAt(i) === 10) this.line++;
    if (to > this.at) this.lineStarting = this.source[to - 1] === '\n';
    this.at = to;
  }

  private root(): void {
    const open = this.nextTag();
    if (open < 0) {
      this.push('data', this.source.slice(this.at));
      this.advance(this.source.length);
      return;
    }
    const kind = this.source[open + 1];
    const raw = kind === '%' ? this.rawAt(open) : null;
    const sign = this.source[open + 2];
    const control = sign === '-' || sign === '+' ? sign : '';
    this.text(this.at, open, control, kind !== '{');
    const inside = open + 2 + control.length;
    if (raw !== null) this.rawBlock(raw.end);
    else if (kind === '#') this.comment(inside);
    else this.tag(inside, kind === '%' ? 'block' : 'variable');
  }

  private nextTag(): number {
    for (let i = this.source.indexOf('{', this.at); i >= 0; i = this.source.indexOf('{', i + 1)) {
      const next = this.source[i + 1];
      if (next === '%' || next === '{' || next === '#') return i;
    }
    return -1;
  }

  /** Text before a tag: `-` strips all white space, lstrip_blocks the indent of a block or comment unless `+`. */
  private text(from: number, to: number, control: string, block: boolean): void {
    let end = to;
    if (control === '-') while (end > from && isSpace(this.source, end - 1)) end--;
    else if (control !== '+' && block) end = this.indentStart(from, to);
    if (end > from) this.push('data', this.source.slice(from, end));
    this.advance(to);
  }

  private indentStart(from: number, to: number): number {
    if (from === to) return to;
    const newline = this.source.lastIndexOf('\n', to - 1);
    const lineStart = newline >= from ? newline + 1 : from;
    if (lineStart === from && !this.lineStarting) return to;
    for (let i = lineStart; i < to; i++) if (!isSpace(this.source, i)) return to;
    return lineStart;
  }

  private rawAt(open: number): { readonly end: number } | null {
    const sign = this.source[open + 2];
    RAW.lastIndex = open + (sign === '-' || sign === '+' ? 3 : 2);
    const match = RAW.exec(this.source);
    if (match === null) return null;
    let end = RAW.lastIndex;
    if (match[1] === '-') while (end < this.source.length && isSpace(this.source, end)) end++;
    return { end };
  }

  private rawBlock(from: number): void {
    this.advance(from);
    END_RAW.lastIndex = from;
    const match = END_RAW.exec(this.source);
    if (match === null) {
      // A tag at the very end of the source misses nothing.
      if (from < this.source.length) throw syntaxError('Missing end of raw directive', this.line);
      return;
    }
    this.text(from, match.index, match[1]!, true);
    this.endTag(match.index + match[0].length, match[2]!, true);
  }

  private comment(from: number): void {
    const close = this.source.indexOf('#}', from);
    if (close < 0) {
      if (from < this.source.length) throw syntaxError('Missing end of comment tag', this.line);
      this.advance(from);
      return;
    }
    const sign = this.source[close - 1];
    const control = close > from && (sign === '-' || sign === '+') ? sign : '';
    this.endTag(close + 2, control, true);
  }

  /** After a tag: `-` eats all white space, trim_blocks one newline unless `+`. */
  private endTag(end: number, control: string, trim: boolean): void {
    let to = end;
    if (control === '-') while (to < this.source.length && isSpace(this.source, to)) to++;
    else if (control !== '+' && trim && this.source[to] === '\n') to++;
    this.advance(to);
  }

  private tag(from: number, kind: 'block' | 'variable'): void {
    this.push(kind === 'block' ? 'block_begin' : 'variable_begin', '');
    this.advance(from);
    const open: string[] = [];
    const close = kind === 'block' ? '%}' : '}}';
    for (;;) {
      while (this.at < this.source.length && isSpace(this.source, this.at)) this.advance(this.at + 1);
      if (this.at >= this.source.length) return;
      if (open.length === 0) {
        const sign = this.source[this.at];
        const control = sign === '-' || (sign === '+' && kind === 'block') ? sign : '';
        if (this.source.startsWith(close, this.at + control.length)) {
          this.push(kind === 'block' ? 'block_end' : 'variable_end', '');
          this.endTag(this.at + control.length + 2, control, kind === 'block');
          return;
        }
      }
      this.token(open);
    }
  }

  private token(open: string[]): void {
    const first = this.source[this.at]!;
    const number = this.number();
    if (number) return;
    NAME.lastIndex = this.at;
    const name = NAME.exec(this.source);
    if (name !== null) {
      if (!IDENTIFIER.test(name[0])) throw syntaxError('Invalid character in identifier', this.line);
      this.push('name', name[0]);
      this.advance(this.at + name[0].length);
      return;
    }
    if (first === '"' || first === "'") {
      this.string(first);
      return;
    }
    const operator = OPERATORS.find((o) => this.source.startsWith(o, this.at));
    if (operator === undefined) throw this.unexpected();
    this.balance(operator, open);
    this.push('operator', operator);
    this.advance(this.at + operator.length);
  }

  private number(): boolean {
    const code = this.source.charCodeAt(this.at);
    if (code < 48 || code > 57) return false;
    FLOAT.lastIndex = this.at;
    const float = this.source[this.at - 1] === '.' ? null : FLOAT.exec(this.source);
    INTEGER.lastIndex = this.at;
    const match = float ?? INTEGER.exec(this.source);
    if (match === null) return false;
    this.push(float === null ? 'integer' : 'float', match[0].replaceAll('_', ''));
    this.advance(this.at + match[0].length);
    return true;
  }

  private balance(operator: string, open: string[]): void {
    const closer = CLOSER[operator];
    if (closer !== undefined) open.push(closer);
    else if (operator === ')' || operator === ']' || operator === '}') {
      const expected = open.pop();
      if (expected === undefined) throw syntaxError(`unexpected '${operator}'`, this.line);
      if (expected !== operator) throw syntaxError(`unexpected '${operator}', expected '${expected}'`, this.line);
    }
  }

  /** A character that begins no token; its place counts code points. */
  private unexpected(): Failure {
    const character = String.fromCodePoint(this.source.codePointAt(this.at)!);
    const at = Array.from(this.source.slice(0, this.at)).length;
    return syntaxError(`unexpected char ${reprString(character)} at ${at}`, this.line);
  }

  private string(quote: string): void {
    let end = this.at + 1;
    while (end < this.source.length && this.source[end] !== quote) end += this.source[end] === '\\' ? 2 : 1;
    if (end >= this.source.length) throw this.unexpected();
    this.push('string', unescaped(this.source.slice(this.at + 1, end), this.line));
    this.advance(end + 1);
  }
}

const isSpace = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return (
    code === 32 ||
    (code >= 9 && code <= 13) ||
    (code >= 28 && code < 32) ||
    code === 0x85 ||
    (code > 127 && SPACE.test(text[at]!) && code !== 0xfeff)
  );
};

const SIMPLE: Readonly<Record<string, string>> = {
  ...{ n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', a: '\x07' },
  ...{ '\\': '\\', "'": "'", '"': '"', '\n': '' },
};
const HEX_LENGTH: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Python's `unicode-escape`. */
function unescaped(body: string, line: number): string {
  if (!body.includes('\\')) return body;
  let out = '';
  for (let i = 0; i < body.length; ) {
    const c = body[i]!;
    if (c !== '\\') {
      out += c;
      i++;
      continue;
    }
    const e = body[i + 1] ?? '';
    const simple = SIMPLE[e];
    const digits = HEX_LENGTH[e];
    if (simple !== undefined) {
      out += simple;
      i += 2;
    } else if (digits !== undefined) {
      const hex = body.slice(i + 2, i + 2 + digits);
      const code = /^[\da-fA-F]+$/.test(hex) && hex.length === digits ? Number.parseInt(hex, 16) : Number.NaN;
      if (Number.isNaN(code)) throw syntaxError(`truncated \\${e}${'X'.repeat(digits)} escape`, line);
      if (code > 0x10ffff) throw syntaxError('illegal Unicode character', line);
      out += String.fromCodePoint(code);
      i += 2 + digits;
    } else if (e >= '0' && e <= '7') {
      const octal = /^[0-7]{1,3}/.exec(body.slice(i + 1, i + 4))![0];
      out += String.fromCharCode(Number.parseInt(octal, 8));
      i += 1 + octal.length;
    } else if (e === 'N') {
      // Names of characters are not known here.
      throw syntaxError(
        'A character written by its name (\\N{...}) is not supported. Write the character itself.',
        line,
      );
    } else {
      out += c + e;
      i += 2;
    }
  }
  return out;
}
