import { Float } from '../jsonl/value.ts';
import { Failure, fail } from './errors.ts';
import { binary, fixed } from './float-text.ts';
import { bare, type PyValue, typeName } from './values.ts';

/** The bare number of an int, float or bool (bool is an int); undefined for everything else. */
export function numberOf(value: PyValue): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  const v = bare(value);
  if (typeof v === 'number' || typeof v === 'bigint') return v;
  if (v instanceof Float) return v.value;
  if (v === true) return 1;
  return v === false ? 0 : undefined;
}

/** `float(n)`; an int may be too large for it. */
export function floatOf(n: number | bigint): number {
  const value = Number(n);
  return Number.isFinite(value) || typeof n === 'number' ? value : fail('int too large to convert to float');
}

/** `int(x)` of a float. */
export function wholeNumber(x: number): number | bigint {
  if (Number.isNaN(x)) return fail('cannot convert float NaN to integer');
  if (!Number.isFinite(x)) return fail('cannot convert float infinity to integer');
  const whole = Math.trunc(x);
  return Number.isSafeInteger(whole) ? (whole === 0 ? 0 : whole) : BigInt(whole);
}

export const isFloat = (value: PyValue): boolean => bare(value) instanceof Float;

/** An int without loss: a number while it is safe, else a bigint. */
export function integerOf(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** An index or a count: an int (bool too), or the TypeError that Python gives. */
export function indexOf(value: PyValue, message?: string): number {
  const v = bare(value);
  if (typeof v === 'boolean') return Number(v);
  if (typeof v === 'number') return v;
  if (typeof v === 'bigint') return v > 0n ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER;
  return fail(message ?? `'${typeName(value)}' object cannot be interpreted as an integer`);
}

/** Python's `repr(float)`: the shortest digits, as JavaScript's, in Python's form. */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [digits, power] = value.toExponential().split('e') as [string, string];
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${digits}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  const plain = String(value);
  if (!plain.includes('e')) return plain.includes('.') ? plain : `${plain}.0`;
  const decimals = Math.max(1, digits.replace(/[-.]/g, '').length - 1 - exponent);
  return value.toFixed(decimals);
}

/** CPython refuses to print an int of more digits than this. */
const MAX_INT_DIGITS = 4300;
export function intText(value: number | bigint): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : String(value);
  const text = String(value);
  if (text.length > MAX_INT_DIGITS + (value < 0n ? 1 : 0)) {
    fail(
      `Exceeds the limit (${MAX_INT_DIGITS} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit`,
    );
  }
  return text;
}

const big = (value: number | bigint): bigint => BigInt(value);

/** `x / y` of two ints, correctly rounded. */
function trueDivision(x: number | bigint, y: number | bigint): number {
  if (Number(y) === 0) fail('division by zero');
  if (typeof x === 'number' && typeof y === 'number') return x / y;
  const negative = x < 0 !== y < 0;
  const top = x < 0 ? -big(x) : big(x);
  const bottom = y < 0 ? -big(y) : big(y);
  if (top === 0n) return negative ? -0 : 0;
  // Sixty-six bits of the quotient, the last of them sticky, round as the whole would.
  const shift = BigInt(top.toString(2).length - bottom.toString(2).length - 66);
  const [a, b] = shift < 0n ? [top << -shift, bottom] : [top, bottom << shift];
  const quotient = (a / b) | (a % b === 0n ? 0n : 1n);
  const size = Number(quotient) * 2 ** Number(shift);
  if (!Number.isFinite(size)) fail('integer division result too large for a float');
  return negative ? -size : size;
}

/** Exponents up to this are computed exactly and rounded once: the host's power may be off by its last digit. */
const EXACT_EXPONENT = 512;

/** `x ** y` for a whole `y`, correctly rounded; undefined where that is too far for a float, or `y` is not whole. */
function exactPower(x: number, y: number): number | undefined {
  const rough = Math.abs(x ** y);
  if (!Number.isInteger(y) || Math.abs(y) > EXACT_EXPONENT || !(rough > 1e-290 && rough < 1e300)) return undefined;
  const [mantissa, exponent] = binary(Math.abs(x));
  const power = mantissa ** BigInt(Math.abs(y));
  const shift = BigInt(Math.abs(exponent * y));
  const [top, bottom] = exponent < 0 ? [power, 1n << shift] : [power << shift, 1n];
  const size = y < 0 ? trueDivision(bottom, top) : trueDivision(top, bottom);
  return x < 0 && y % 2 !== 0 ? -size : size;
}

function floatPower(x: number, y: number): number {
  if (x === 0 && y < 0) fail('0.0 cannot be raised to a negative power');
  if (x < 0 && Number.isFinite(x) && Number.isFinite(y) && !Number.isInteger(y)) {
    throw new Failure('The template was stopped: complex numbers are not supported here.', 'limit');
  }
  // JavaScript has no answer where Python says 1.
  if (x === 1 || (x === -1 && !Number.isFinite(y) && !Number.isNaN(y))) return 1;
  const value = exactPower(x, y) ?? x ** y;
  if (!Number.isFinite(value) && Number.isFinite(x) && Number.isFinite(y)) {
    fail("(34, 'Numerical result out of range')");
  }
  return value;
}

type Arithmetic = '+' | '-' | '*' | '/' | '//' | '%' | '**';

/** Python's arithmetic on two numbers; `float` says whether either is a float. */
export function arithmetic(operator: Arithmetic, x: number | bigint, y: number | bigint, float: boolean): PyValue {
  if (operator === '/' && !float) return new Float(trueDivision(x, y));
  if (float) return new Float(floatArithmetic(operator, floatOf(x), floatOf(y)));
  if (typeof x === 'number' && typeof y === 'number') {
    const fast = smallArithmetic(operator, x, y);
    if (fast !== undefined && Number.isSafeInteger(fast)) return fast === 0 ? 0 : fast;
  }
  if (operator === '**' && y < 0) {
    if (Number(x) === 0) fail('0.0 cannot be raised to a negative power');
    return new Float(floatPower(floatOf(x), floatOf(y)));
  }
  return integerOf(bigArithmetic(operator, big(x), big(y)));
}

function smallArithmetic(operator: Arithmetic, x: number, y: number): number | undefined {
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '//':
      if (y === 0) fail('integer division or modulo by zero');
      return Math.floor(x / y) * y <= x && Math.abs(x) < 2 ** 50 ? Math.floor(x / y) : undefined;
    case '%':
      if (y === 0) fail('integer modulo by zero');
      return modulo(x, y);
    default:
      return y >= 0 ? x ** y : undefined;
  }
}

const modulo = (x: number, y: number): number => {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
};

/** CPython's float `%`: the sign of the right side, also of a zero. */
function floatModulo(x: number, y: number): number {
  const rest = x % y;
  if (rest === 0) return y < 0 ? -0 : 0;
  return rest < 0 !== y < 0 ? rest + y : rest;
}

/** CPython's float `//`, which goes by the remainder. */
function floorDivision(x: number, y: number): number {
  const rest = x % y;
  let quotient = (x - rest) / y;
  if (rest !== 0 && rest < 0 !== y < 0) quotient -= 1;
  if (quotient === 0) return x / y < 0 || Object.is(x / y, -0) ? -0 : 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

function floatArithmetic(operator: Arithmetic, x: number, y: number): number {
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      if (y === 0) fail('float division by zero');
      return x / y;
    case '//':
      if (y === 0) fail('float floor division by zero');
      return floorDivision(x, y);
    case '%':
      if (y === 0) fail('float modulo');
      return floatModulo(x, y);
    default:
      return floatPower(x, y);
  }
}

/** Bits of the largest int that a template may make. */
const MAX_BITS = 200_000;
const bits = (x: bigint): number => (x < 0n ? -x : x).toString(16).length * 4;

function bigArithmetic(operator: Arithmetic, x: bigint, y: bigint): bigint {
  if (
    (operator === '*' && bits(x) + bits(y) > MAX_BITS) ||
    (operator === '**' && BigInt(bits(x)) * y > BigInt(MAX_BITS))
  ) {
    throw new Failure('The template was stopped: it makes a number that is too large.', 'limit');
  }
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '**':
      return x ** y;
    default: {
      if (y === 0n) fail('integer division or modulo by zero');
      const rest = x % y;
      const off = rest !== 0n && rest < 0n !== y < 0n;
      if (operator === '%') return off ? rest + y : rest;
      return off ? x / y - 1n : x / y;
    }
  }
}

/** Python's `round(x, digits)` of a float: half to even on the exact binary value. */
export function roundFloat(value: number, digits: number): number {
  if (!Number.isFinite(value) || value === 0 || digits > 323) return value;
  if (digits < -308) return value < 0 ? -0 : 0;
  const sign = value < 0 ? -1 : 1;
  if (digits >= 0) return sign * Number(fixed(Math.abs(value), digits));
  const rounded = sign * Number(roundInteger(Math.abs(value), digits));
  return Number.isFinite(rounded) ? rounded : fail('rounded value too large to represent');
}

/** A float's whole tens, hundreds, ...: exact, also where the float has a fraction. */
function roundInteger(value: number, digits: number): bigint {
  // One binary digit for whether there is a fraction decides a tie.
  const whole = BigInt(Math.trunc(value)) * 2n + (Number.isInteger(value) ? 0n : 1n);
  return roundHalfEven(whole, 2n * 10n ** BigInt(-digits)) * 10n ** BigInt(-digits);
}

/** `value / unit`, half to even. */
function roundHalfEven(value: bigint, unit: bigint): bigint {
  const down = value / unit;
  const rest = (value - down * unit) * 2n;
  return rest > unit || (rest === unit && down % 2n === 1n) ? down + 1n : down;
}

/** Python's `round(n, digits)` of an int. */
export function roundInt(n: number | bigint, digits: number): number | bigint {
  if (digits >= 0) return n;
  if (-digits > MAX_INT_DIGITS) return 0;
  const unit = 10n ** BigInt(-digits);
  const size = roundHalfEven(n < 0 ? -big(n) : big(n), unit) * unit;
  return integerOf(n < 0 ? -size : size);
}

export const negatedNumber = (n: number | bigint): number | bigint =>
  typeof n === 'bigint' ? integerOf(-n) : n === 0 ? 0 : -n;
