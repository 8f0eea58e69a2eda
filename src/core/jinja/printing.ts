import { Float } from '../jsonl/value.ts';
import { concat, cut, isText, made, plain, type Text, TextWriter, TracedBase } from '../origin/traced.ts';
import { fail } from './errors.ts';
import { floatRepr, intText } from './numbers.ts';
import { compare } from './operators.ts';
import { escapedCharacter, hex, reprCharacter, reprQuote } from './repr.ts';
import { checkSize, type Runtime } from './runtime.ts';
import {
  Bytes,
  bare,
  Callable,
  DictView,
  isDict,
  isList,
  keyValue,
  Lazy,
  LoopState,
  Markup,
  Namespace,
  type PyDict,
  type PyValue,
  Range,
  Tuple,
  typeName,
  Undefined,
  wholeOf,
} from './values.ts';

type PyScalar = null | boolean | number | bigint | Float;

const isScalar = (x: PyValue): x is PyScalar =>
  x === null || typeof x === 'boolean' || typeof x === 'number' || typeof x === 'bigint' || x instanceof Float;

function scalarText(x: PyScalar): string {
  if (x === null) return 'None';
  if (typeof x === 'boolean') return x ? 'True' : 'False';
  return x instanceof Float ? floatRepr(x.value) : intText(x);
}

function scalarJson(x: PyScalar): string {
  if (x === null || typeof x === 'boolean') return String(x);
  if (!(x instanceof Float)) return intText(x);
  if (Number.isFinite(x.value)) return floatRepr(x.value);
  return Number.isNaN(x.value) ? 'NaN' : x.value > 0 ? 'Infinity' : '-Infinity';
}

/** Writes `text` with some characters replaced: a replaced one is made from its source character, the rest are copies. */
export function writeEscaped(
  out: TextWriter,
  text: Text,
  replacement: (v: string, at: number, width: number) => string | null,
): void {
  const value = plain(text);
  const size = value.length;
  let done = 0;
  for (let i = 0; i < size; ) {
    const unit = value.charCodeAt(i);
    const next = value.charCodeAt(i + 1);
    const width = unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000 ? 2 : 1;
    const escaped = replacement(value, i, width);
    if (escaped !== null) {
      if (i > done) out.write(cut(text, done, i));
      out.write(made(escaped, text, i, width));
      done = i + width;
    }
    i += width;
  }
  if (done < size || size === 0) out.write(done === 0 ? text : cut(text, done, size));
}

// ---- str() and repr()

const REPR_PLAIN = /^[ !#-&(-[\]-~]*$/;

function writeStringRepr(out: TextWriter, text: Text): void {
  const value = plain(text);
  if (typeof text === 'string' && REPR_PLAIN.test(text)) {
    out.write(`'${text}'`);
    return;
  }
  const quote = reprQuote(value);
  out.write(made(quote, text, 0));
  writeEscaped(out, text, (v, i, width) => reprCharacter(v.slice(i, i + width), quote));
  out.write(made(quote, text, value.length));
}

/** Punctuation of a container from the row belongs to that container. */
function punctuation(x: PyValue): (mark: string) => Text {
  const whole = wholeOf(x);
  return whole === null ? (mark) => mark : (mark) => made(mark, whole);
}

function writeSequence(
  out: TextWriter,
  items: readonly PyValue[],
  open: string,
  close: string,
  mark: (m: string) => Text,
): void {
  out.write(mark(open));
  items.forEach((item, i) => {
    if (i > 0) out.write(mark(', '));
    writeRepr(out, item);
  });
  out.write(mark(close));
}

function writeDict(out: TextWriter, dict: PyDict): void {
  const mark = punctuation(dict);
  out.write(mark('{'));
  let i = 0;
  for (const [key, value] of dict) {
    if (i++ > 0) out.write(mark(', '));
    writeRepr(out, keyValue(dict, key));
    out.write(mark(': '));
    writeRepr(out, value);
  }
  out.write(mark('}'));
}

/** Python's `str(x)` */
export function writeStr(out: TextWriter, x: PyValue): void {
  if (isText(x)) out.write(x);
  else if (x instanceof TracedBase) out.write(made(scalarText(x.value as PyScalar), x));
  else if (isScalar(x)) out.write(scalarText(x));
  else if (x instanceof Undefined) out.write('');
  else if (x instanceof Markup) out.write(x.text);
  else if (isList(x)) writeSequence(out, x, '[', ']', punctuation(x));
  else if (isDict(x)) writeDict(out, x);
  else if (x instanceof Tuple) writeSequence(out, x.items, '(', x.items.length === 1 ? ',)' : ')', (m) => m);
  else if (x instanceof DictView) writeSequence(out, x.list(), `dict_${x.kind}([`, '])', (m) => m);
  else if (x instanceof Range) {
    out.write(x.step === 1 ? `range(${x.start}, ${x.stop})` : `range(${x.start}, ${x.stop}, ${x.step})`);
  } else if (x instanceof Namespace) {
    out.write('<Namespace ');
    writeDict(out, x.attributes);
    out.write('>');
  } else if (x instanceof LoopState) out.write(`<LoopContext ${x.index0 + 1}/${x.length}>`);
  else if (x instanceof Callable) out.write(x.shown);
  else if (x instanceof Lazy) out.write(`<${x.name} object>`);
  else if (x instanceof Bytes) out.write(bytesRepr(x));
  checkSize(out.text.length);
}

export function writeRepr(out: TextWriter, x: PyValue): void {
  if (isText(x)) writeStringRepr(out, x);
  else if (x instanceof Markup) {
    out.write('Markup(');
    writeStringRepr(out, x.text);
    out.write(')');
  } else if (x instanceof Undefined) out.write('Undefined');
  else writeStr(out, x);
}

function bytesRepr({ data }: Bytes): string {
  const text = String.fromCharCode(...data);
  const quote = reprQuote(text);
  const body = text.replace(/[^ -~]|['"\\]/g, (c) => {
    if (c === "'" || c === '"') return c === quote ? `\\${c}` : c;
    if (c === '\\') return '\\\\';
    if (c === '\n') return '\\n';
    if (c === '\r') return '\\r';
    return c === '\t' ? '\\t' : `\\x${hex(c.charCodeAt(0), 2)}`;
  });
  return `b${quote}${body}${quote}`;
}

/** Python's `ascii(x)`: `repr` with every other character escaped. */
export function asciiRepr(x: PyValue): Text {
  const text = repr(x);
  const out = new TextWriter();
  writeEscaped(out, text, (v, i, width) => {
    const c = v.slice(i, i + width);
    return c > '\x7e' ? escapedCharacter(c) : null;
  });
  return out.value();
}

/** `str(x)` as text; a Markup is its text. */
export function str(x: PyValue): Text {
  if (isText(x)) return x;
  if (x instanceof Markup) return x.text;
  const out = new TextWriter();
  writeStr(out, x);
  return out.value();
}

export const plainStr = (x: PyValue): string => plain(str(x));

export function repr(x: PyValue): Text {
  const out = new TextWriter();
  writeRepr(out, x);
  return out.value();
}

// ---- json.dumps

export interface JsonStyle {
  readonly ascii: boolean;
  readonly sort: boolean;
  readonly indent: string | null;
  readonly item: Text;
  readonly key: Text;
}

const JSON_SPECIAL = /[\x00-\x1f"\\]/;
const SHORT: Readonly<Record<number, string>> = {
  34: '\\"',
  92: '\\\\',
  10: '\\n',
  13: '\\r',
  9: '\\t',
  8: '\\b',
  12: '\\f',
};
const jsonUnit = (code: number, ascii: boolean): string | null =>
  SHORT[code] ?? (code < 32 || (ascii && code > 126) ? `\\u${hex(code, 4)}` : null);

function writeJsonString(out: TextWriter, text: Text, ascii: boolean): void {
  if (typeof text === 'string' && !ascii && !JSON_SPECIAL.test(text)) {
    out.write(`"${text}"`);
    return;
  }
  out.write(made('"', text, 0));
  if (!ascii && !JSON_SPECIAL.test(plain(text))) out.write(text);
  else {
    writeEscaped(out, text, (v, i, width) => {
      if (width === 1) return jsonUnit(v.charCodeAt(i), ascii);
      // ensure_ascii: one emoji, two escapes, one origin
      return ascii ? `\\u${hex(v.charCodeAt(i), 4)}\\u${hex(v.charCodeAt(i + 1), 4)}` : null;
    });
  }
  out.write(made('"', text, plain(text).length));
}

/** A key as json.dumps writes it. */
function jsonKey(dict: PyDict, key: PyValue): Text {
  if (typeof key === 'string') return keyValue(dict, key) as Text;
  if (key instanceof Markup) return key.text;
  if (isScalar(key)) return scalarJson(key);
  return fail(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

function writeJson(out: TextWriter, x: PyValue, style: JsonStyle, depth: number): void {
  if (isText(x)) writeJsonString(out, x, style.ascii);
  else if (x instanceof Markup) writeJsonString(out, x.text, style.ascii);
  else if (x instanceof TracedBase) out.write(made(scalarJson(x.value as PyScalar), x));
  else if (isScalar(x)) out.write(scalarJson(x));
  else if (isList(x)) writeJsonList(out, x, x, style, depth);
  else if (x instanceof Tuple) writeJsonList(out, x, x.items, style, depth);
  else if (isDict(x)) writeJsonDict(out, x, style, depth);
  else fail(`Object of type ${typeName(x)} is not JSON serializable`);
  checkSize(out.text.length);
}

const newline = (style: JsonStyle, depth: number): string =>
  style.indent === null ? '' : `\n${style.indent.repeat(depth)}`;

function writeJsonList(out: TextWriter, of: PyValue, items: readonly PyValue[], style: JsonStyle, depth: number): void {
  const mark = punctuation(of);
  if (items.length === 0) {
    out.write(mark('[]'));
    return;
  }
  const line = newline(style, depth + 1);
  const between = mark(plain(style.item) + line);
  out.write(mark(`[${line}`));
  for (let i = 0; i < items.length; i++) {
    if (i > 0) out.write(between);
    writeJson(out, items[i]!, style, depth + 1);
  }
  out.write(mark(`${newline(style, depth)}]`));
}

function writeJsonDict(out: TextWriter, dict: PyDict, style: JsonStyle, depth: number): void {
  const mark = punctuation(dict);
  if (dict.size === 0) {
    out.write(mark('{}'));
    return;
  }
  const line = newline(style, depth + 1);
  const between = mark(plain(style.item) + line);
  const colon = mark(plain(style.key));
  let entries: Iterable<readonly [PyValue, PyValue]> = dict;
  if (style.sort) entries = [...dict].sort((a, b) => compare(a[0], b[0], '<'));
  out.write(mark(`{${line}`));
  let i = 0;
  for (const [key, value] of entries) {
    if (i++ > 0) out.write(between);
    writeJsonString(out, jsonKey(dict, key), style.ascii);
    out.write(colon);
    writeJson(out, value, style, depth + 1);
  }
  out.write(mark(`${newline(style, depth)}}`));
}

/** transformers' `tojson`: `json.dumps(ensure_ascii=False)`, no HTML escaping. */
export function tojson(
  runtime: Runtime,
  x: PyValue,
  ascii: boolean,
  indent: PyValue,
  separators: PyValue,
  sort: boolean,
): Text {
  const width = bare(indent);
  let pad: string | null = null;
  if (typeof width === 'string') pad = width;
  else if (width !== null) pad = ' '.repeat(Math.max(0, Math.min(10_000, Number(bareNumber(width)))));
  let item: Text = pad === null ? ', ' : ',';
  let key: Text = ': ';
  const given = bare(separators);
  if (given !== null) {
    const pair =
      given instanceof Tuple ? given.items : isList(given) ? given : fail('cannot unpack non-iterable separators');
    if (pair.length !== 2) fail(`not enough values to unpack (expected 2, got ${pair.length})`);
    item = str(pair[0]!);
    key = str(pair[1]!);
  }
  const out = new TextWriter();
  writeJson(out, x, { ascii, sort, indent: pad, item, key }, 0);
  runtime.charge(out.text.length);
  return out.value();
}

function bareNumber(x: PyValue): number | bigint {
  if (typeof x === 'number' || typeof x === 'bigint') return x;
  if (typeof x === 'boolean') return Number(x);
  return fail(`can't multiply sequence by non-int of type '${typeName(x)}'`);
}

// ---- HTML

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

/** markupsafe's escape of a plain text. */
export function escapeHtml(text: Text): Text {
  const out = new TextWriter();
  writeEscaped(out, text, (v, i, width) => (width === 1 ? (HTML[v[i]!] ?? null) : null));
  return out.value();
}

/** `a + b` where either is Markup: what is not is escaped. */
export function addMarkup(a: PyValue, b: PyValue): Markup {
  const side = (x: PyValue): Text => {
    if (x instanceof Markup) return x.text;
    return isText(x) ? escapeHtml(x) : fail(`can only concatenate str (not "${typeName(x)}") to str`);
  };
  return new Markup(concat(side(a), side(b)));
}
