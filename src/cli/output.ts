import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Writes and waits where the reader is slower than we are, so that a file of any size can be piped. */
export async function write(text: string, stream: Writable = process.stdout): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

export const writeLine = (value: unknown, stream?: Writable): Promise<void> =>
  write(`${JSON.stringify(value)}\n`, stream);

const paint = (code: number) => (text: string) =>
  process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined ? `\u001b[${code}m${text}\u001b[0m` : text;
export const red = paint(31);
export const yellow = paint(33);
export const green = paint(32);
export const dim = paint(2);
export const bold = paint(1);

export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
