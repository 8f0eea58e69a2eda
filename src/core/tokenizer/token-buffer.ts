import { int32Tokens } from '../token-arrays.ts';
import type { Encoding } from './encoding.ts';

/** Tokens as they are found; grows as needed and is used again for the next text. */
export interface TokenBuffer {
  ids: Int32Array;
  starts: Int32Array;
  ends: Int32Array;
  count: number;
}

export function createTokenBuffer(): TokenBuffer {
  const size = 4096;
  return { ids: new Int32Array(size), starts: new Int32Array(size), ends: new Int32Array(size), count: 0 };
}

/** Room for `more` further tokens. */
export function reserveTokens(buffer: TokenBuffer, more: number): void {
  const needed = buffer.count + more;
  if (needed <= buffer.ids.length) return;
  let size = buffer.ids.length;
  while (size < needed) size *= 2;
  buffer.ids = grown(buffer.ids, size);
  buffer.starts = grown(buffer.starts, size);
  buffer.ends = grown(buffer.ends, size);
}

function grown(values: Int32Array, size: number): Int32Array {
  const result = new Int32Array(size);
  result.set(values);
  return result;
}

export function pushToken(buffer: TokenBuffer, id: number, start: number, end: number): void {
  reserveTokens(buffer, 1);
  buffer.ids[buffer.count] = id;
  buffer.starts[buffer.count] = start;
  buffer.ends[buffer.count] = end;
  buffer.count++;
}

/** A copy that stays as it is when the buffer is used again. */
export function toEncoding(buffer: TokenBuffer): Encoding {
  const { count } = buffer;
  return { ids: copy(buffer.ids, count), starts: copy(buffer.starts, count), ends: copy(buffer.ends, count) };
}

function copy(values: Int32Array, count: number): Int32Array {
  const own = int32Tokens(count);
  own.set(values.subarray(0, count));
  return own;
}
