import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

const NEWLINE = 0x0a;

/**
 * The first bytes of the given lines (from 1) of a file, as text. One pass that ends with the last line asked for, so that
 * a file of any size can be asked.
 */
export async function linesOf(
  path: string,
  lines: Iterable<number>,
  bytes: number,
): Promise<ReadonlyMap<number, string>> {
  const wanted = new Set(lines);
  const found = new Map<number, Buffer[]>();
  const last = Math.max(0, ...wanted);
  let line = 1;
  let length = 0;
  const stream = createReadStream(path, { highWaterMark: 1 << 20 });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (let from = 0; from <= chunk.length && line <= last; ) {
      const newline = chunk.indexOf(NEWLINE, from);
      const end = newline === -1 ? chunk.length : newline;
      if (wanted.has(line) && length < bytes) {
        const parts = found.get(line) ?? [];
        parts.push(chunk.subarray(from, Math.min(end, from + bytes - length)));
        found.set(line, parts);
        length += end - from;
      }
      if (newline === -1) break;
      line++;
      length = 0;
      from = newline + 1;
    }
    if (line > last) break;
  }
  return new Map(
    [...found].map(([line, parts]) => [
      line,
      Buffer.concat(parts)
        .toString('utf8')
        .replace(/\uFFFD+$|\r$/g, ''),
    ]),
  );
}

const hashes = new Map<string, { readonly key: string; readonly hash: Promise<string> }>();

/** SHA-256 of a file; read again only when its size or time changed. Null where it cannot be read. */
export async function hashOf(path: string): Promise<string | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    const key = `${size}:${mtimeMs}`;
    const known = hashes.get(path);
    if (known?.key === key) return await known.hash;
    const hash = sha256(path);
    hashes.set(path, { key, hash });
    return await hash;
  } catch {
    return null;
  }
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
