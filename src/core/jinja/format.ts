import { Float } from '../jsonl/value.ts';
import { cut, isText, plain, type Text, TextWriter } from '../origin/traced.ts';
import { getAttribute, getItem } from './access.ts';
import { fail } from './errors.ts';
import { floatRepr, indexOf, intText, isFloat, numberOf } from './numbers.ts';
import { repr, str } from './printing.ts';
import { checkSize, type Runtime } from './runtime.ts';
import { bare, isDict, type Keywords, orElse, type PyList, type PyValue, Tuple, typeName } from './values.ts';

/** A field's text without padding, and whether zeros may be put after its sign. */
interface Field {
  readonly text: Text;
  readonly numeric: boolean;
}

const PERCENT = /%(?:\(([^)]*)\))?([#0\- +]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?(.)/gsu;

/** Python's `text % values`. */
export function formatPercent(format: Text, values: PyValue): Text {
  const value = plain(format);
  const positional: PyList = values instanceof Tuple ? values.items : [values];
  const out = new TextWriter();
  let next = 0;
  let done = 0;
  const take = (): PyValue => orElse(positional[next++], () => fail('not enough arguments for format string'));
  for (const match of value.matchAll(PERCENT)) {
    out.write(cut(format, done, match.index));
    done = match.index + match[0].length;
    const [, name, flags = '', width, precision, conversion = ''] = match;
    if (conversion === '%') {
      out.write('%');
      continue;
    }
    const size = width === undefined ? 0 : width === '*' ? indexOf(take()) : Number(width);
    const digits = precision === undefined ? null : precision === '*' ? indexOf(take()) : Number(precision);
    const argument = name === undefined ? take() : named(values, name);
    const field = percentField(argument, conversion, digits, flags);
    out.write(
      padded(
        field,
        size,
        flags.includes('-') ? '<' : flags.includes('0') && field.numeric ? '=' : '>',
        flags.includes('0') ? '0' : ' ',
      ),
    );
    checkSize(out.text.length);
  }
  if (value.indexOf('%', done) >= 0) fail('incomplete format');
  out.write(cut(format, done, value.length));
  const unused =
    values instanceof Tuple ? next < positional.length : next === 0 && !isDict(values) && !Array.isArray(values);
  if (unused && done === 0 ? positional.length > 0 : unused)
    fail('not all arguments converted during string formatting');
  return out.value();
}

function named(values: PyValue, name: string): PyValue {
  if (!isDict(values)) return fail('format requires a mapping');
  return orElse(values.get(name), () => fail(`'${name}'`));
}

function percentField(x: PyValue, conversion: string, digits: number | null, flags: string): Field {
  const sign = (n: number | bigint): string =>
    n < 0 || Object.is(n, -0) ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  switch (conversion) {
    case 's':
    case 'r':
    case 'a': {
      const text = conversion === 's' ? str(x) : repr(x);
      return { text: digits === null ? text : firstPoints(text, digits), numeric: false };
    }
    case 'd':
    case 'i':
    case 'u': {
      const n = numberOf(x);
      if (n === undefined) return fail(`%${conversion} format: a real number is required, not ${typeName(x)}`);
      if (!isFloat(x) && digits === null && sign(n) !== '+' && sign(n) !== ' ')
        return { text: str(bareInt(x, n)), numeric: true };
      const whole = typeof n === 'number' ? Math.trunc(n) : n;
      return { text: sign(whole) + intText(absolute(whole)).padStart(digits ?? 0, '0'), numeric: true };
    }
    case 'x':
    case 'X':
    case 'o': {
      const n = numberOf(x);
      if (n === undefined || isFloat(x))
        return fail(`%${conversion} format: an integer is required, not ${typeName(x)}`);
      const body = absolute(n).toString(conversion === 'o' ? 8 : 16);
      const prefix = flags.includes('#') ? `0${conversion}` : '';
      return { text: sign(n) + prefix + (conversion === 'X' ? body.toUpperCase() : body), numeric: true };
    }
    case 'f':
    case 'F':
    case 'e':
    case 'E':
    case 'g':
    case 'G': {
      const n = numberOf(x);
      if (n === undefined) return fail(`must be real number, not ${typeName(x)}`);
      return { text: sign(Number(n)) + floatText(Math.abs(Number(n)), conversion, digits ?? 6), numeric: true };
    }
    case 'c': {
      const n = numberOf(x);
      if (n !== undefined) return { text: String.fromCodePoint(Number(n)), numeric: false };
      return { text: isText(x) ? x : fail('%c requires int or char'), numeric: false };
    }
    default:
      return fail(`unsupported format character '${conversion}'`);
  }
}

const bareInt = (x: PyValue, n: number | bigint): PyValue => (typeof bare(x) === 'boolean' ? n : x);
const absolute = (n: number | bigint): number | bigint => (n < 0 ? -n : n);
const firstPoints = (text: Text, count: number): Text => {
  let units = 0;
  let points = 0;
  for (const c of plain(text)) {
    if (points++ >= count) break;
    units += c.length;
  }
  return cut(text, 0, units);
};

function floatText(value: number, conversion: string, digits: number): string {
  const kind = conversion.toLowerCase();
  let text: string;
  if (!Number.isFinite(value)) text = Number.isNaN(value) ? 'nan' : 'inf';
  else if (kind === 'f') text = fixed(value, digits);
  else if (kind === 'e') text = exponential(value, digits);
  else text = general(value, digits === 0 ? 1 : digits);
  return conversion === kind ? text : text.toUpperCase();
}

const fixed = (value: number, digits: number): string =>
  value >= 1e21
    ? BigInt(value).toString() + (digits > 0 ? `.${'0'.repeat(digits)}` : '')
    : roundHalfEven(value, digits);

/** toFixed rounds ties up; Python's printing rounds them to even. */
function roundHalfEven(value: number, digits: number): string {
  const up = value.toFixed(Math.min(100, digits));
  if (digits > 22) return up;
  const exact = value.toFixed(Math.min(100, digits + 30));
  const rest = exact.slice(exact.length - (Math.min(100, digits + 30) - digits));
  if (!/^50*$/.test(rest)) return up;
  const down = digits === 0 ? exact.slice(0, exact.indexOf('.')) : exact.slice(0, exact.length - rest.length);
  return Number(down.at(-1)) % 2 === 0 ? down : up;
}

function exponential(value: number, digits: number): string {
  const [m, e] = value.toExponential(Math.min(100, digits)).split('e') as [string, string];
  return `${m}e${e[0]}${e.slice(1).padStart(2, '0')}`;
}

function general(value: number, digits: number): string {
  if (value === 0) return '0';
  const exponent = Number(value.toExponential(Math.min(100, digits - 1)).split('e')[1]);
  if (exponent < -4 || exponent >= digits) return exponential(value, digits - 1).replace(/\.?0+e/, 'e');
  const text = fixed(value, Math.max(0, digits - 1 - exponent));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function padded(field: Field, width: number, align: string, fill: string): Text {
  const size = Array.from(plain(field.text)).length;
  const missing = width - size;
  if (missing <= 0) return field.text;
  checkSize(missing);
  const out = new TextWriter();
  if (align === '=') {
    const value = plain(field.text);
    const sign = /^[-+ ]?(0[xXob])?/.exec(value)![0].length;
    out.write(cut(field.text, 0, sign));
    out.write(fill.repeat(missing));
    out.write(cut(field.text, sign, value.length));
    return out.value();
  }
  const left = align === '<' ? 0 : align === '^' ? Math.floor(missing / 2) : missing;
  out.write(fill.repeat(left));
  out.write(field.text);
  out.write(fill.repeat(missing - left));
  return out.value();
}

// ---- str.format

/** Python's `text.format(*args, **keywords)`, with the sandbox's lookups. */
export function formatBraces(runtime: Runtime, format: Text, args: PyList, keywords: Keywords): Text {
  const value = plain(format);
  const out = new TextWriter();
  let auto = 0;
  for (let i = 0; i < value.length; ) {
    const c = value[i]!;
    if ((c === '{' || c === '}') && value[i + 1] === c) {
      out.write(cut(format, i, i + 1));
      i += 2;
    } else if (c === '}') fail("Single '}' encountered in format string");
    else if (c === '{') {
      const end = closing(value, i);
      const inner = value.slice(i + 1, end);
      const cutAt = /[!:]/.exec(inner.replace(/\[[^\]]*\]/g, (m) => '_'.repeat(m.length)))?.index ?? inner.length;
      const path = inner.slice(0, cutAt);
      const conversion = inner[cutAt] === '!' ? (inner[cutAt + 1] ?? '') : '';
      const colon = inner.indexOf(':', cutAt);
      let spec = colon < 0 ? '' : inner.slice(colon + 1);
      if (/^(?:[.[]|$)/.test(path)) {
        const field = lookup(runtime, String(auto++) + path, args, keywords);
        if (spec.includes('{')) spec = plain(formatBraces(runtime, spec, args.slice(auto), keywords));
        out.write(formatField(field, conversion, spec));
      } else {
        const field = lookup(runtime, path, args, keywords);
        if (spec.includes('{')) spec = plain(formatBraces(runtime, spec, args, keywords));
        out.write(formatField(field, conversion, spec));
      }
      i = end + 1;
    } else {
      const next = value.slice(i).search(/[{}]/);
      const end = next < 0 ? value.length : i + next;
      out.write(cut(format, i, end));
      i = end;
    }
    checkSize(out.text.length);
  }
  return out.value();
}

function closing(value: string, open: number): number {
  let depth = 0;
  for (let i = open; i < value.length; i++) {
    if (value[i] === '{') depth++;
    else if (value[i] === '}' && --depth === 0) return i;
  }
  return fail("expected '}' before end of string");
}

function lookup(runtime: Runtime, path: string, args: PyList, keywords: Keywords): PyValue {
  const [first = '', ...steps] = path.match(/^[^.[]+|\.[^.[]+|\[[^\]]*\]/g) ?? [''];
  let value: PyValue;
  if (/^\d+$/.test(first)) {
    value = orElse(args[Number(first)], () =>
      fail(`Replacement index ${first} out of range for positional args tuple`),
    );
  } else value = orElse(keywords.get(first), () => fail(`'${first}'`));
  for (const step of steps) {
    const name = step[0] === '.' ? step.slice(1) : step.slice(1, -1);
    if (step[0] === '.') value = getAttribute(runtime, value, name);
    else value = getItem(runtime, value, /^\d+$/.test(name) ? Number(name) : name);
  }
  return value;
}

const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/su;

function formatField(x: PyValue, conversion: string, spec: string): Text {
  const value: PyValue = conversion === 'r' || conversion === 'a' ? repr(x) : conversion === 's' ? str(x) : x;
  if (spec === '') return str(value);
  const match = SPEC.exec(spec);
  if (match === null) return fail(`Invalid format specifier '${spec}' for object of type '${typeName(value)}'`);
  const [, fill, align, sign = '-', alternate, zero, width, group, precision, type] = match;
  const n = numberOf(value);
  const size = width === undefined ? 0 : Number(width);
  const isBoolean = typeof bare(value) === 'boolean' && type === undefined;
  if (n === undefined || isBoolean) {
    if (type !== undefined && type !== 's')
      return fail(`Unknown format code '${type}' for object of type '${typeName(value)}'`);
    if (!isText(value) && !isBoolean) return fail(`unsupported format string passed to ${typeName(value)}.__format__`);
    const text = str(value);
    const cutText = precision === undefined ? text : firstPoints(text, Number(precision));
    return padded({ text: cutText, numeric: false }, size, align ?? '<', fill ?? (zero === undefined ? ' ' : '0'));
  }
  const negative = n < 0 || Object.is(n, -0);
  const lead = negative ? '-' : sign === '-' ? '' : sign;
  const body = numberText(value, n, type, precision, alternate !== undefined);
  const grouped = group === undefined ? body : body.replace(/^\d+/, (d) => d.replace(/\B(?=(?:\d{3})+$)/g, group));
  return padded(
    { text: lead + grouped, numeric: true },
    size,
    align ?? (zero === undefined ? '>' : '='),
    fill ?? (zero === undefined ? ' ' : '0'),
  );
}

function numberText(
  x: PyValue,
  n: number | bigint,
  type: string | undefined,
  precision: string | undefined,
  alternate: boolean,
): string {
  const size = absolute(n);
  if (!isFloat(x) && (type === undefined || 'dnbxXoc'.includes(type))) {
    if (type === 'c') return String.fromCodePoint(Number(n));
    const base = type === 'b' ? 2 : type === 'o' ? 8 : type === 'x' || type === 'X' ? 16 : 10;
    const text = base === 10 ? intText(size) : (alternate ? `0${type}` : '') + size.toString(base);
    return type === 'X' ? text.toUpperCase() : text;
  }
  const value = Number(size);
  if (type === '%') return `${fixed(value * 100, precision === undefined ? 6 : Number(precision))}%`;
  if (type === undefined) {
    if (precision === undefined) return floatRepr(value);
    const text = general(value, Number(precision) || 1);
    return x instanceof Float && !/[.e]/.test(text) ? `${text}.0` : text;
  }
  if (!'eEfFgG'.includes(type)) return fail(`Unknown format code '${type}' for object of type '${typeName(x)}'`);
  return floatText(value, type, precision === undefined ? 6 : Number(precision));
}
