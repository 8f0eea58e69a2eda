import { Float } from '../jsonl/value.ts';
import { Failure, fail } from './errors.ts';
import { bare, type PyValue } from './values.ts';

/** The bare number of an int, float or bool (bool is an int); undefined for everything else. */
export function numberOf(value: PyValue): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  const v = bare(value);
  if (typeof v === 'number' || typeof v === 'bigint') return v;
  if (v instanceof Float) return v.value;
  if (v === true) return 1;
  return v === false ? 0 : undefined;
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
  return fail(message ?? 'an integer is required');
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

type Arithmetic = '+' | '-' | '*' | '/' | '//' | '%' | '**';

/** Python's arithmetic on two numbers; `float` says whether either is a float. */
export function arithmetic(operator: Arithmetic, x: number | bigint, y: number | bigint, float: boolean): PyValue {
  if (operator === '/') {
    if (Number(y) === 0) fail('division by zero');
    return new Float(Number(x) / Number(y));
  }
  if (float) return new Float(floatArithmetic(operator, Number(x), Number(y)));
  if (typeof x === 'number' && typeof y === 'number') {
    const fast = smallArithmetic(operator, x, y);
    if (fast !== undefined && Number.isSafeInteger(fast)) return fast === 0 ? 0 : fast;
  }
  if (operator === '**' && y < 0) {
    if (Number(x) === 0) fail('0.0 cannot be raised to a negative power');
    return new Float(Number(x) ** Number(y));
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

function floatArithmetic(operator: Arithmetic, x: number, y: number): number {
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '//':
      if (y === 0) fail('float floor division by zero');
      return Math.floor(x / y);
    case '%':
      if (y === 0) fail('float modulo');
      return modulo(x, y);
    default:
      return x ** y;
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

/** Python's `round(x, digits)`: half to even on the exact binary value. */
export function roundFloat(value: number, digits: number): number {
  if (!Number.isFinite(value)) return value;
  if (digits > 22) return value;
  if (digits < 0) {
    const unit = 10 ** -digits;
    return halfEven(value / unit) * unit;
  }
  if (Math.abs(value) >= 1e21) return value;
  const exact = value.toFixed(Math.min(100, digits + 30));
  const point = exact.length - (Math.min(100, digits + 30) - digits);
  const tie = /^50*$/.test(exact.slice(point)) && Number(exact) === value;
  const rounded = Number(value.toFixed(digits));
  if (!tie) return rounded;
  const down = Number(exact.slice(0, point));
  const last = exact.slice(0, point).replace('.', '').at(-1)!;
  return Number(last) % 2 === 0 ? down : rounded;
}

function halfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

export const negatedNumber = (n: number | bigint): number | bigint =>
  typeof n === 'bigint' ? integerOf(-n) : n === 0 ? 0 : -n;
