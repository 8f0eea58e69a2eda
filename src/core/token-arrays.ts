// Zeroed typed arrays with one element a token. V8 keeps the memory of an array of over 64 bytes outside of its heap and
// books each in and out: 2 us an array, five times a row. Those of short rows share a buffer, for a tenth of that.
// Posted to another thread, an array takes its buffer along, once a message.

/** Bytes of a shared buffer, and of the largest array that is put into one. */
const SHARED = 1 << 16;
const LARGEST = 1 << 12;

let buffer = new ArrayBuffer(0);
let used = 0;

/** The place of an array in `buffer`, or -1 where it is to have memory of its own. */
function place(bytes: number): number {
  if (bytes > LARGEST) return -1;
  if (used + bytes > buffer.byteLength) {
    buffer = new ArrayBuffer(SHARED);
    used = 0;
  }
  const at = used;
  // Whatever comes next is aligned.
  used += (bytes + 3) & ~3;
  return at;
}

export function int32Tokens(count: number): Int32Array {
  const at = place(4 * count);
  return at < 0 ? new Int32Array(count) : new Int32Array(buffer, at, count);
}

export function int16Tokens(count: number): Int16Array {
  const at = place(2 * count);
  return at < 0 ? new Int16Array(count) : new Int16Array(buffer, at, count);
}

export function uint8Tokens(count: number): Uint8Array {
  const at = place(count);
  return at < 0 ? new Uint8Array(count) : new Uint8Array(buffer, at, count);
}
