import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { findSnapshot } from './hub/cache.ts';
import { hubIdOf } from './hub/hub-id.ts';
import { hubPlaces } from './hub/places.ts';

/** SHA-256 in hex. Rejects with the file system's error. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Of tokenizer.json; null for a bundled tokenizer, which its name says all about. */
export async function hashTokenizer(id: string): Promise<string | null> {
  if (id.startsWith('bundled:')) return null;
  const hub = hubIdOf(id);
  const folder = hub === null ? id : (await findSnapshot(hub, hubPlaces().cache))?.folder;
  if (folder === undefined) return null;
  return hashFile(folder.endsWith('.json') ? folder : join(folder, 'tokenizer.json'));
}
