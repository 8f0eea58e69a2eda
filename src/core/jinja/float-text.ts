/** Python's text of a float: `repr`, and the e, f and g forms of `%` and `format`. Digits are those of the exact value. */

/** The digits of a positive finite number rounded half to even at `10 ** -digits`, as CPython's dtoa does. */
export function fixed(value: number, digits: number): string {
  const [mantissa, exponent] = binary(value);
  const scale = 10n ** BigInt(digits);
  let whole: bigint;
  if (exponent >= 0) whole = (mantissa << BigInt(exponent)) * scale;
  else whole = roundedShift(mantissa * scale, BigInt(-exponent));
  const text = whole.toString().padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** `value === mantissa * 2 ** exponent`, both whole. */
export function binary(value: number): readonly [bigint, number] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  return exponent === 0 ? [fraction, -1074] : [fraction | 0x10000000000000n, exponent - 1075];
}

function roundedShift(value: bigint, shift: bigint): bigint {
  const down = value >> shift;
  const rest = value - (down << shift);
  const half = 1n << (shift - 1n);
  return rest > half || (rest === half && down % 2n === 1n) ? down + 1n : down;
}

/** One digit, then `digits` more, and the power of ten. */
function scientific(value: number, digits: number): readonly [string, number] {
  if (value === 0) return ['0'.repeat(digits + 1), 0];
  const [mantissa, exponent] = binary(value);
  const top = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa;
  const bottom = exponent >= 0 ? 1n : 1n << BigInt(-exponent);
  let power = Number(value.toExponential().split('e')[1]);
  for (;;) {
    const shift = digits - power;
    const up = shift >= 0 ? top * 10n ** BigInt(shift) : top;
    const down = shift >= 0 ? bottom : bottom * 10n ** BigInt(-shift);
    let whole = up / down;
    const rest = (up - whole * down) * 2n;
    if (rest > down || (rest === down && whole % 2n === 1n)) whole += 1n;
    const text = whole.toString();
    if (text.length === digits + 1) return [text, power];
    power += text.length > digits + 1 ? 1 : -1;
  }
}

const exponentText = (power: number): string => `e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;

function exponential(value: number, digits: number, alternate: boolean): string {
  const [text, power] = scientific(value, digits);
  const point = digits > 0 || alternate ? '.' : '';
  return `${text[0]}${point}${text.slice(1)}${exponentText(power)}`;
}

/** `addPoint`: of `format(x, '.3')`, which keeps a digit after the point. */
function general(value: number, digits: number, alternate: boolean, addPoint: boolean): string {
  const size = Math.max(1, digits);
  const [text, power] = scientific(value, size - 1);
  const trimmed = alternate ? text : text.replace(/0+$/, '').padEnd(1, '0');
  if (power < -4 || power >= size - (addPoint ? 1 : 0)) {
    if (power < -4 || power >= size || addPoint) {
      const point = trimmed.length > 1 || alternate ? '.' : '';
      return `${trimmed[0]}${point}${trimmed.slice(1)}${exponentText(power)}`;
    }
  }
  let whole: string;
  let rest: string;
  if (power < 0) [whole, rest] = ['0', '0'.repeat(-power - 1) + trimmed];
  else [whole, rest] = [trimmed.slice(0, power + 1).padEnd(power + 1, '0'), trimmed.slice(power + 1)];
  if (value === 0) rest = alternate ? '0'.repeat(size - 1) : '';
  if (rest === '') return addPoint ? `${whole}.0` : alternate ? `${whole}.` : whole;
  return `${whole}.${rest}`;
}

/** A float without its sign, in the form of the conversion `e`, `f` or `g` (upper case for `INF` and `E`). */
export function floatText(
  value: number,
  conversion: string,
  digits: number,
  alternate = false,
  addPoint = false,
): string {
  const kind = conversion.toLowerCase();
  const size = Math.abs(value);
  let text: string;
  if (!Number.isFinite(size)) text = Number.isNaN(size) ? 'nan' : 'inf';
  else if (kind === 'f') text = fixed(size, digits) + (digits === 0 && alternate ? '.' : '');
  else if (kind === 'e') text = exponential(size, digits, alternate);
  else text = general(size, digits, alternate, addPoint);
  return conversion === kind ? text : text.toUpperCase();
}
