import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Problem } from '../core/checks/problem.ts';
import { shapeOf, sliceRows } from '../core/jsonl/slices.ts';

/** One row as it stands in a file. */
export interface FileRow {
  readonly text: string;
  /** From 1; blank lines are no rows. */
  readonly row: number;
  /** Line of the row's first character, from 1. */
  readonly line: number;
  /** What only the bytes show: a byte that is not UTF-8, a broken array. */
  readonly problems: readonly Problem[];
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const WHITESPACE = new Set([0x20, 0x09, 0x0d, 0x0a]);

/**
 * The rows of a file or of standard input (`-`), one after the other: JSON Lines as a stream of any size, a JSON array as a
 * whole. `.gz` is unpacked, a BOM and CRLF are taken off. Rejects with the file system's error.
 */
export async function* readRows(path: string): AsyncGenerator<FileRow> {
  const chunks = openBytes(path)[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  // Enough of the beginning to tell an array of rows from lines.
  while (true) {
    const next = await chunks.next();
    if (next.done) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
    if (firstByte(head) !== null) break;
  }
  const start = bomLength(head);
  // Only the beginning matters, and a character that is cut at its end does not.
  if (shapeOf(head.toString('utf8', start)) === 'array') yield* arrayRows(await drain(head.subarray(start), chunks));
  else yield* lineRows(head.subarray(start), chunks);
}

function openBytes(path: string): Readable {
  const raw: Readable = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 1 << 20 });
  if (!path.endsWith('.gz')) return raw;
  const unzip = createGunzip();
  raw.on('error', (error: Error) => unzip.destroy(error));
  return raw.pipe(unzip);
}

const bomLength = (bytes: Buffer): number => (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0);

function firstByte(bytes: Buffer): number | null {
  for (let i = bomLength(bytes); i < bytes.length; i++) if (!WHITESPACE.has(bytes[i]!)) return bytes[i]!;
  return null;
}

async function drain(head: Buffer, rest: AsyncIterator<Buffer>): Promise<Buffer> {
  const parts = [head];
  for (let next = await rest.next(); !next.done; next = await rest.next()) parts.push(next.value);
  return Buffer.concat(parts);
}

function* arrayRows(bytes: Buffer): Generator<FileRow> {
  const { text, problem } = decode(bytes);
  const slices = sliceRows(text, 'array');
  const wholeFile: Problem[] = slices.problems.map(({ message }) => ({
    code: 'json/syntax',
    severity: 'error',
    message,
    pointer: '',
    range: [0, 0],
  }));
  if (problem) wholeFile.push({ ...problem, range: [0, 0] });
  for (let i = 0; i < slices.starts.length; i++)
    yield {
      text: text.slice(slices.starts[i], slices.ends[i]),
      row: i + 1,
      line: (slices.lines[i] ?? 0) + 1,
      problems: i === 0 ? wholeFile : [],
    };
  if (slices.starts.length === 0 && wholeFile.length > 0) yield { text: '', row: 1, line: 1, problems: wholeFile };
}

async function* lineRows(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<FileRow> {
  let row = 0;
  let line = 0;
  let pending: Buffer[] = [];
  const take = (bytes: Buffer): FileRow | null => {
    line++;
    let end = bytes.length;
    while (end > 0 && bytes[end - 1] === CARRIAGE_RETURN) end--;
    const { text, problem } = decode(bytes.subarray(0, end));
    if (text.trim() === '') return null;
    return { text, row: ++row, line, problems: problem ? [problem] : [] };
  };
  for (let chunk: Buffer | undefined = head; chunk !== undefined; ) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      const piece = chunk.subarray(from, at);
      const found = take(pending.length === 0 ? piece : Buffer.concat([...pending, piece]));
      pending = [];
      from = at + 1;
      if (found) yield found;
    }
    if (from < chunk.length) pending.push(chunk.subarray(from));
    const next: IteratorResult<Buffer> = await rest.next();
    chunk = next.done ? undefined : next.value;
  }
  if (pending.length > 0) {
    const found = take(Buffer.concat(pending));
    if (found) yield found;
  }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as text; a byte that is not UTF-8 becomes U+FFFD and a problem at its place. */
function decode(bytes: Buffer): { text: string; problem: Problem | null } {
  try {
    return { text: strict.decode(bytes), problem: null };
  } catch {
    const text = bytes.toString('utf8');
    const at = firstBadPlace(bytes, text);
    return {
      text,
      problem: {
        code: 'json/encoding',
        severity: 'error',
        message: `A byte here is not UTF-8, column ${at + 1}. Save the file as UTF-8.`,
        pointer: '',
        range: [at, at + 1],
      },
    };
  }
}

/** The first U+FFFD of the decoded text that the bytes do not spell themselves. */
function firstBadPlace(bytes: Buffer, text: string): number {
  let byte = 0;
  for (let i = 0; i < text.length; ) {
    const code = text.codePointAt(i)!;
    if (code === 0xfffd && !(bytes[byte] === 0xef && bytes[byte + 1] === 0xbf && bytes[byte + 2] === 0xbd)) return i;
    byte += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    i += code > 0xffff ? 2 : 1;
  }
  return 0;
}
