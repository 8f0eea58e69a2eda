import type { Text } from '../origin/traced.ts';
import { fail } from './errors.ts';
import { type Field, firstPoints, padded } from './field.ts';
import { floatText } from './float-text.ts';
import { floatOf, floatRepr, intText, isFloat, numberOf } from './numbers.ts';
import { str } from './printing.ts';
import { checkSize } from './runtime.ts';
import { bare, bareText, Markup, type PyValue, typeName } from './values.ts';

/** `[[fill]align][sign][z][#][0][width][grouping][.precision][type]` */
interface Spec {
  readonly fill: string;
  readonly align: string | null;
  readonly sign: string | null;
  readonly alternate: boolean;
  readonly width: number;
  readonly group: string | null;
  readonly precision: number | null;
  readonly type: string;
}

const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?(.)?$/su;

function parseSpec(text: string, kind: string): Spec {
  const match = SPEC.exec(text);
  if (match === null) {
    if (/\.(?!\d)/.test(text)) return fail('Format specifier missing precision');
    return fail(`Invalid format specifier '${text}' for object of type '${kind}'`);
  }
  const [, fill, align, sign, noNegativeZero, alternate, zero, width, group, precision, type = ''] = match;
  if (width !== undefined && width.length > 10) checkSize(Number.MAX_SAFE_INTEGER);
  const isNumber = kind !== 'str';
  if (noNegativeZero !== undefined) {
    const where = isNumber && kind !== 'float' ? 'integer' : 'string';
    fail(`Negative zero coercion (z) not allowed in ${where} format specifier`);
  }
  return {
    fill: fill ?? (zero !== undefined ? '0' : ' '),
    align: align ?? (zero !== undefined && isNumber ? '=' : null),
    sign: sign ?? null,
    alternate: alternate !== undefined,
    width: width === undefined ? 0 : Number(width),
    group: group ?? null,
    precision: precision === undefined ? null : Number(precision),
    type,
  };
}

/** Python's `format(x, spec)`. */
export function formatValue(x: PyValue, spec: string): Text {
  if (spec === '') return str(x);
  const value = bareText(x);
  if (typeof value === 'string') return formatText(x instanceof Markup ? x.text : (x as Text), spec);
  const n = numberOf(value);
  if (n === undefined) return fail(`unsupported format string passed to ${typeName(x)}.__format__`);
  const kind = typeName(x);
  const parsed = parseSpec(spec, kind);
  const { type } = parsed;
  if (!isFloat(x) && (type === '' || 'bcdoxXn'.includes(type))) return formatInteger(x, n, parsed);
  if (type !== '' && !'eEfFgGn%'.includes(type)) return unknownCode(type, kind);
  return formatFloat(floatOf(n), parsed);
}

const unknownCode = (type: string, kind: string): never =>
  fail(`Unknown format code '${type}' for object of type '${kind}'`);

function formatText(text: Text, spec: string): Text {
  const { fill, align, sign, alternate, width, group, precision, type } = parseSpec(spec, 'str');
  if (type !== '' && type !== 's') unknownCode(type, 'str');
  if (sign !== null) fail(`${sign === ' ' ? 'Space' : 'Sign'} not allowed in string format specifier`);
  if (alternate) fail('Alternate form (#) not allowed in string format specifier');
  if (group !== null) fail(`Cannot specify '${group}' with 's'.`);
  if (align === '=') fail("'=' alignment not allowed in string format specifier");
  const shown = precision === null ? text : firstPoints(text, precision);
  return padded({ text: shown, numeric: false }, width, align ?? '<', fill);
}

const leadOf = (negative: boolean, sign: string | null): string =>
  negative ? '-' : sign === '+' || sign === ' ' ? sign : '';

const BASES: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16, X: 16 };

function formatInteger(x: PyValue, n: number | bigint, spec: Spec): Text {
  const { type, sign, alternate, group } = spec;
  if (spec.precision !== null) fail('Precision not allowed in integer format specifier');
  if (type === 'c') {
    if (sign !== null) fail("Sign not allowed with integer format specifier 'c'");
    if (alternate) fail("Alternate form (#) not allowed with integer format specifier 'c'");
    if (n < 0 || n > 0x10ffff) fail('%c arg not in range(0x110000)');
    return aligned('', '', String.fromCodePoint(Number(n)), '', { ...spec, align: spec.align ?? '<', group: null });
  }
  if (group === ',' && (BASES[type] !== undefined || type === 'n')) fail(`Cannot specify ',' with '${type}'.`);
  if (group === '_' && type === 'n') fail("Cannot specify '_' with 'n'.");
  const size = n < 0 ? -n : n;
  const base = BASES[type];
  const digits = base === undefined ? intText(size) : size.toString(base);
  const prefix = alternate && base !== undefined ? `0${type}` : '';
  const lead = leadOf(n < 0, sign);
  // A plain int keeps its origin.
  if (lead === '' && base === undefined && group === null && typeof bare(x) !== 'boolean') {
    return padded({ text: str(x), numeric: true } satisfies Field, spec.width, spec.align ?? '>', spec.fill);
  }
  return aligned(lead, prefix, type === 'X' ? digits.toUpperCase() : digits, '', spec);
}

function formatFloat(value: number, spec: Spec): Text {
  const { type, precision, alternate, group } = spec;
  if (group !== null && type === 'n') fail(`Cannot specify '${group}' with 'n'.`);
  checkSize(precision ?? 0);
  let text: string;
  if (type === '%') text = `${floatText(value * 100, 'f', precision ?? 6, alternate)}%`;
  else if (type === '') {
    text = precision === null ? floatRepr(Math.abs(value)) : floatText(value, 'g', precision, alternate, !alternate);
  } else text = floatText(value, type === 'n' ? 'g' : type, precision ?? 6, alternate);
  const [, whole = '', rest = ''] = /^(\d*)(.*)$/s.exec(text)!;
  return aligned(leadOf(value < 0 || Object.is(value, -0), spec.sign), '', whole, rest, spec);
}

/** Sign, prefix, grouped digits and what follows them; zeros of `=` are grouped too. */
function aligned(lead: string, prefix: string, digits: string, rest: string, spec: Spec): Text {
  const { group, width, fill, align, type } = spec;
  checkSize(width);
  const each = type !== '' && 'boxX'.includes(type) ? 4 : 3;
  let shown = group === null ? digits : grouped(digits, group, each);
  if (group !== null && align === '=' && fill === '0') {
    const room = width - lead.length - prefix.length - rest.length;
    for (let zeros = digits; shown.length < room; shown = grouped(zeros, group, each)) zeros = `0${zeros}`;
  }
  const text = lead + prefix + shown + rest;
  return padded({ text, numeric: true }, width, align ?? '>', fill);
}

const grouped = (digits: string, mark: string, each: number): string =>
  digits.replace(new RegExp(`\\B(?=(?:.{${each}})+$)`, 'gs'), mark);
