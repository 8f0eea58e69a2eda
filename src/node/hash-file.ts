import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';

/** SHA-256 in hex. Rejects with the file system's error. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Of tokenizer.json; null for a bundled tokenizer, which its name says all about. */
export const hashTokenizer = async (id: string): Promise<string | null> =>
  id.startsWith('bundled:') ? null : hashFile(id.endsWith('.json') ? id : join(id, 'tokenizer.json'));
