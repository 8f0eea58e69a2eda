import { cut, isText, plain, type Text, TextWriter } from '../origin/traced.ts';
import { fail } from './errors.ts';
import { type Field, firstPoints, padded } from './field.ts';
import { floatText } from './float-text.ts';
import { floatOf, intText, isFloat, numberOf, wholeNumber } from './numbers.ts';
import { asciiRepr, repr, str } from './printing.ts';
import { hex } from './repr.ts';
import { checkSize } from './runtime.ts';
import {
  Bytes,
  bare,
  isDict,
  isList,
  Markup,
  orElse,
  type PyList,
  type PyValue,
  Range,
  Tuple,
  typeName,
  Undefined,
} from './values.ts';

/** What may be looked up by `%(name)s`, and what need not be used up: anything with `__getitem__` that is no text or tuple. */
const isMapping = (x: PyValue): boolean =>
  isDict(x) || isList(x) || x instanceof Range || x instanceof Undefined || x instanceof Bytes;

/** CPython refuses wider fields as "width too big"; ours end earlier. */
const MAX_DIGITS = 10;

/** Python's `text % values`. Errors have CPython's words. */
export function formatPercent(format: Text, values: PyValue): Text {
  const value = plain(format);
  const mapping = isMapping(values) ? values : null;
  let positional: PyList = values instanceof Tuple ? values.items : [values];
  const single = !(values instanceof Tuple);
  let next = 0;
  const take = (): PyValue => orElse(positional[next++], () => fail('not enough arguments for format string'));
  const out = new TextWriter();
  let at = 0;
  const digits = (): number => {
    const from = at;
    while (value[at]! >= '0' && value[at]! <= '9') at++;
    if (at - from > MAX_DIGITS) checkSize(Number.MAX_SAFE_INTEGER);
    return Number(value.slice(from, at));
  };
  const star = (): number => {
    at++;
    const x = bare(take());
    if (typeof x !== 'number' && typeof x !== 'bigint' && typeof x !== 'boolean') fail('* wants int');
    return Number(x);
  };
  for (let percent = value.indexOf('%'); percent >= 0; percent = value.indexOf('%', at)) {
    out.write(cut(format, at, percent));
    at = percent + 1;
    if (value[at] === '(') {
      if (mapping === null) fail('format requires a mapping');
      const close = closingParenthesis(value, at);
      positional = [itemOf(mapping!, value.slice(at + 1, close))];
      next = 0;
      at = close + 1;
    }
    const from = at;
    while (at < value.length && '-+ #0'.includes(value[at]!)) at++;
    let flags = value.slice(from, at);
    let width = 0;
    if (value[at] === '*') {
      width = star();
      if (width < 0) flags += '-';
      width = Math.abs(width);
    } else width = digits();
    let precision: number | null = null;
    if (value[at] === '.') {
      at++;
      precision = value[at] === '*' ? Math.max(0, star()) : digits();
    }
    if (value[at] === 'h' || value[at] === 'l' || value[at] === 'L') at++;
    if (at >= value.length) fail('incomplete format');
    const conversion = String.fromCodePoint(value.codePointAt(at)!);
    const where = Array.from(value.slice(0, at)).length;
    at += conversion.length;
    // With anything between the two it asks for a value and is no conversion that there is.
    if (conversion === '%' && at === percent + 2) {
      out.write('%');
      continue;
    }
    const field = percentField(take(), conversion, precision, flags, where);
    const zeros = flags.includes('0') && field.numeric;
    out.write(
      padded(field, width, flags.includes('-') ? '<' : zeros ? '=' : '>', zeros && !flags.includes('-') ? '0' : ' '),
    );
    checkSize(out.text.length);
  }
  out.write(cut(format, at, value.length));
  if (next < positional.length && mapping === null && !(single && next > 0)) {
    fail('not all arguments converted during string formatting');
  }
  return out.value();
}

function closingParenthesis(value: string, open: number): number {
  let depth = 0;
  for (let i = open; i < value.length; i++) {
    if (value[i] === '(') depth++;
    else if (value[i] === ')' && --depth === 0) return i;
  }
  return fail('incomplete format key');
}

function itemOf(mapping: PyValue, name: string): PyValue {
  if (mapping instanceof Undefined) return fail(mapping.message());
  if (isDict(mapping)) return orElse(mapping.get(name), () => fail(str(name) === '' ? "''" : `'${name}'`));
  return fail(`${typeName(mapping)} indices must be integers or slices, not str`);
}

function percentField(x: PyValue, conversion: string, precision: number | null, flags: string, at: number): Field {
  const lead = (negative: boolean): string =>
    negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  switch (conversion) {
    case 's':
    case 'r':
    case 'a': {
      const text = conversion === 's' ? str(x) : conversion === 'r' ? repr(x) : asciiRepr(x);
      return { text: precision === null ? text : firstPoints(text, precision), numeric: false };
    }
    case 'd':
    case 'i':
    case 'u': {
      if (x instanceof Undefined) fail(x.message());
      const n = numberOf(x);
      if (n === undefined) return fail(`%${conversion} format: a real number is required, not ${typeName(x)}`);
      const whole = isFloat(x) ? wholeNumber(Number(n)) : n;
      const plainInt = !isFloat(x) && precision === null && typeof bare(x) !== 'boolean' && lead(whole < 0).length < 1;
      if (plainInt) return { text: str(x), numeric: true };
      const size = intText(whole < 0 ? -whole : whole).padStart(precision ?? 0, '0');
      return { text: lead(whole < 0) + size, numeric: true };
    }
    case 'x':
    case 'X':
    case 'o': {
      const n = numberOf(x);
      if (n === undefined || isFloat(x)) {
        return fail(`%${conversion} format: an integer is required, not ${typeName(x)}`);
      }
      const body = (n < 0 ? -n : n).toString(conversion === 'o' ? 8 : 16).padStart(precision ?? 0, '0');
      const text = (flags.includes('#') ? (conversion === 'o' ? '0o' : '0x') : '') + body;
      return { text: lead(n < 0) + (conversion === 'X' ? text.toUpperCase() : text), numeric: true };
    }
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': {
      if (x instanceof Undefined) fail(x.message());
      const n = numberOf(x);
      if (n === undefined) return fail(`must be real number, not ${typeName(x)}`);
      const value = floatOf(n);
      checkSize(precision ?? 0);
      const text = floatText(value, conversion, precision ?? 6, flags.includes('#'));
      return { text: lead(value < 0 || Object.is(value, -0)) + text, numeric: true };
    }
    case 'c': {
      const n = numberOf(x);
      if (n !== undefined && !isFloat(x)) {
        if (n < 0 || n > 0x10ffff) fail('%c arg not in range(0x110000)');
        return { text: String.fromCodePoint(Number(n)), numeric: false };
      }
      const text = x instanceof Markup ? x.text : x;
      if (!isText(text) || Array.from(plain(text)).length !== 1) return fail('%c requires int or char');
      return { text, numeric: false };
    }
    default:
      return fail(
        `unsupported format character '${conversion}' (0x${hex(conversion.codePointAt(0)!, 1)}) at index ${at}`,
      );
  }
}
