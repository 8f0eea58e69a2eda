import { Float } from '../jsonl/value.ts';
import { Made, plain, type Traced, TracedBase } from '../origin/traced.ts';
import { fail } from './errors.ts';
import { type Filters, filter } from './filter.ts';
import { floatText } from './float-text.ts';
import {
  arithmetic,
  floatOf,
  indexOf,
  integerOf,
  isFloat,
  negatedNumber,
  numberOf,
  roundFloat,
  roundInt,
  wholeNumber,
} from './numbers.ts';
import { truth, used } from './operators.ts';
import { strip } from './text.ts';
import { bare, bareText, type PyValue, typeName } from './values.ts';

/** A number parsed from a text or rounded from a number still prints as made from it. */
function numberFrom(x: PyValue, value: number | bigint | Float): PyValue {
  if (!(x instanceof TracedBase)) return value;
  return new Made(value, x as Traced, 0, typeof x.value === 'string' ? x.value.length : 0);
}

const FLOAT_TEXT =
  /^[-+]?(?:(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:e[-+]?\d(?:_?\d)*)?|inf(?:inity)?|nan)$/i;

/** Decimal digits of any script, as Python's numbers may have. */
const asciiDigits = (value: string): string =>
  /^[\x00-\x7f]*$/.test(value) ? value : value.replace(/\p{Nd}/gu, (c) => String(digitValue(c)));

/** Decimal digits stand in Unicode in runs of ten. */
function digitValue(c: string): number {
  const code = c.codePointAt(0)!;
  let start = code;
  while (start > code - 10 && /\p{Nd}/u.test(String.fromCodePoint(start - 1))) start--;
  return (code - start) % 10;
}

const trimmed = (value: string): string => asciiDigits(plain(strip(value, undefined)));

/** `float(text)`, or undefined where it raises. */
function parseFloatText(value: string): number | undefined {
  const text = trimmed(value);
  if (!FLOAT_TEXT.test(text)) return undefined;
  const lowered = text.toLowerCase().replaceAll('_', '');
  if (lowered.includes('inf')) return lowered.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return lowered.includes('nan') ? Number.NaN : Number(lowered);
}

const PREFIXES: Readonly<Record<string, number>> = { '0x': 16, '0o': 8, '0b': 2 };
/** CPython parses no longer text into an int of base ten. */
const MAX_DIGITS = 4300;

/** `int(text, base)`, or undefined where it raises a ValueError. */
function parseInteger(value: string, base: number): number | bigint | undefined {
  if (base !== 0 && (base < 2 || base > 36)) return undefined;
  const [, sign = '', body = ''] = /^([-+]?)(.*)$/s.exec(trimmed(value).toLowerCase())!;
  const prefix = PREFIXES[body.slice(0, 2)];
  const real = base !== 0 ? base : (prefix ?? 10);
  let digits = prefix === real ? body.slice(2).replace(/^_/, '') : body;
  if (!/^[\da-z]+(?:_[\da-z]+)*$/.test(digits)) return undefined;
  digits = digits.replaceAll('_', '');
  if (base === 0 && real === 10 && prefix === undefined && /^0+[1-9]/.test(digits)) return undefined;
  if (real === 10 && digits.length > MAX_DIGITS) return undefined;
  let result = 0n;
  for (const c of digits) {
    const digit = Number.parseInt(c, 36);
    if (digit >= real) return undefined;
    result = result * BigInt(real) + BigInt(digit);
  }
  return integerOf(sign === '-' ? -result : result);
}

const toInt = filter('do_int', ['default', 'base'], (_, x, [fallback = 0, base = 10]) => {
  used(x);
  const v = bareText(x);
  if (typeof v === 'string') {
    // An odd base is one more thing that cannot be converted.
    const by = numberOf(base);
    const n = by === undefined || isFloat(base) ? undefined : parseInteger(v, Number(by));
    const parsed = n ?? parseFloatText(v);
    if (n === undefined && (parsed === undefined || !Number.isFinite(parsed))) return fallback;
    return numberFrom(x, n ?? wholeNumber(Number(parsed)));
  }
  const n = numberOf(v);
  if (n === undefined || Number.isNaN(n)) return fallback;
  return numberFrom(x, typeof n === 'bigint' ? n : wholeNumber(n));
});

const toFloat = filter('do_float', ['default'], (_, x, [fallback = new Float(0)]) => {
  used(x);
  const v = bareText(x);
  const n = typeof v === 'string' ? parseFloatText(v) : numberOf(v);
  return n === undefined ? fallback : numberFrom(x, new Float(floatOf(n)));
});

const round = filter('do_round', ['precision', 'method'], (_, x, [precision = 0, method = 'common']) => {
  const how = bareText(method);
  if (how !== 'common' && how !== 'ceil' && how !== 'floor') return fail('method must be common, ceil or floor');
  used(x);
  const n = numberOf(x);
  if (how === 'common') {
    if (n === undefined) return fail(`type ${typeName(x)} doesn't define __round__ method`);
    if (bare(precision) === null) return numberFrom(x, isFloat(x) ? wholeNumber(roundFloat(Number(n), 0)) : n);
    const digits = indexOf(precision);
    return numberFrom(x, isFloat(x) ? new Float(roundFloat(Number(n), digits)) : roundInt(n, digits));
  }
  if (n === undefined) return fail(`must be real number, not ${typeName(x)}`);
  const power = numberOf(precision);
  if (power === undefined) {
    return fail(`unsupported operand type(s) for ** or pow(): 'int' and '${typeName(precision)}'`);
  }
  const unit = arithmetic('**', 10, power, isFloat(precision));
  const isWhole = !isFloat(x) && !isFloat(unit);
  const scaled = numberOf(arithmetic('*', n, numberOf(unit)!, !isWhole))!;
  const edge = isWhole ? scaled : wholeNumber(how === 'ceil' ? Math.ceil(Number(scaled)) : Math.floor(Number(scaled)));
  return numberFrom(x, arithmetic('/', edge, numberOf(unit)!, isFloat(unit)) as Float);
});

const UNITS = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

const filesizeformat = filter('do_filesizeformat', ['binary'], (_, x, [binary]) => {
  used(x);
  const v = bareText(x);
  const n = typeof v === 'string' ? parseFloatText(v) : numberOf(v);
  if (n === undefined) {
    return fail(
      typeof v === 'string'
        ? `could not convert string to float: '${v}'`
        : `float() argument must be a string or a real number, not '${typeName(x)}'`,
    );
  }
  const bytes = floatOf(n);
  const isBinary = binary !== undefined && truth(binary);
  const base = isBinary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${wholeNumber(bytes)} Bytes`;
  const last = UNITS.length - 1;
  let i = 0;
  while (i < last && !(bytes < base ** (i + 2))) i++;
  const letter = isBinary && i === 0 ? 'K' : UNITS[i]!;
  const shown = (base * bytes) / base ** (i + 2);
  return `${shown < 0 ? '-' : ''}${floatText(shown, 'f', 1)} ${letter}${isBinary ? 'i' : ''}B`;
});

export const NUMBER_FILTERS: Filters = [
  [
    'abs',
    filter('abs', [], (_, x) => {
      used(x);
      const n = numberOf(x);
      if (n === undefined) return fail(`bad operand type for abs(): '${typeName(x)}'`);
      return numberFrom(x, isFloat(x) ? new Float(Math.abs(Number(n))) : n < 0 ? negatedNumber(n) : n);
    }),
  ],
  ['int', toInt],
  ['float', toFloat],
  ['round', round],
  ['filesizeformat', filesizeformat],
];
