/** A field of a protobuf message: where its value stands. */
export interface Field {
  readonly number: number;
  readonly wire: 0 | 1 | 2 | 5;
  /** Offset of the value in the buffer, and its length in bytes. */
  readonly at: number;
  readonly length: number;
  /** Of a varint; negative ones are right down to -2^53. */
  readonly varint: number;
}

/** The fields of the message at [from, to), in order, up to the first that is broken. */
export function* fieldsOf(bytes: Uint8Array, from: number, to: number): Generator<Field> {
  let at = from;
  const end = Math.min(to, bytes.length);
  while (at < end) {
    const key = varint(bytes, at, end);
    if (key === null) return;
    at = key.next;
    const number = Math.floor(key.value / 8);
    const wire = key.value % 8;
    if (number === 0) return;
    if (wire === 0) {
      const value = varint(bytes, at, end);
      if (value === null) return;
      yield { number, wire, at, length: value.next - at, varint: value.value };
      at = value.next;
    } else if (wire === 1 || wire === 5) {
      const length = wire === 1 ? 8 : 4;
      if (at + length > end) return;
      yield { number, wire, at, length, varint: 0 };
      at += length;
    } else if (wire === 2) {
      const length = varint(bytes, at, end);
      if (length === null || length.value < 0 || length.next + length.value > end) return;
      yield { number, wire, at: length.next, length: length.value, varint: 0 };
      at = length.next + length.value;
    } else return;
  }
}

function varint(
  bytes: Uint8Array,
  from: number,
  end: number,
): { readonly value: number; readonly next: number } | null {
  let low = 0;
  let high = 0;
  for (let i = 0; i < 10; i++) {
    const at = from + i;
    if (at >= end) return null;
    const byte = bytes[at] as number;
    const bits = byte & 0x7f;
    if (i < 4) low += bits * 2 ** (7 * i);
    else high += bits * 2 ** (7 * (i - 4));
    if (byte < 0x80) {
      // 28 bits in `low`; of a negative int64 the upper 36 are nearly all ones.
      const value = high >= 2 ** 35 ? (high - 2 ** 36) * 2 ** 28 + low : high * 2 ** 28 + low;
      return { value, next: at + 1 };
    }
  }
  return null;
}
