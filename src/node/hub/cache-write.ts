import { createHash, randomBytes } from 'node:crypto';
import { copyFile, mkdir, open, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** One file as the Hub describes it. */
export interface RemoteFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Its name among the blobs, and its hash: SHA-256 of a large file, else Git's SHA-1. Hex. */
  readonly oid: string;
}

/** What arrived is not what the Hub said it would be. */
export class CorruptDownload extends Error {}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const pointerOf = (root: string, commit: string, path: string): string => join(root, 'snapshots', commit, path);

/** True where the snapshot has the file, or could be given it from the blobs of other commits. */
export async function haveFile(root: string, commit: string, file: RemoteFile): Promise<boolean> {
  const pointer = pointerOf(root, commit, file.path);
  if (await exists(pointer)) return true;
  const blob = join(root, 'blobs', file.oid);
  if (!(await exists(blob))) return false;
  await point(pointer, blob);
  return true;
}

/**
 * Writes a file into the cache as huggingface_hub does (blob, link from the snapshot), so that every program finds it. A
 * reader sees all of it or nothing. Rejects with `CorruptDownload`, the stream's error or the file system's.
 */
export async function storeFile(
  root: string,
  commit: string,
  file: RemoteFile,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  const blob = join(root, 'blobs', file.oid);
  await mkdir(dirname(blob), { recursive: true });
  const part = partOf(blob, 'incomplete');
  try {
    await receive(part, file, content);
    await rename(part, blob);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await point(pointerOf(root, commit, file.path), blob);
}

async function receive(
  part: string,
  { path, size, oid }: RemoteFile,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  const hash = oid.length === 64 ? createHash('sha256') : createHash('sha1').update(`blob ${size}\0`);
  const handle = await open(part, 'wx');
  try {
    let received = 0;
    for await (const chunk of content) {
      received += chunk.length;
      if (received > size) throw new CorruptDownload(`${path} is longer than the ${size} bytes that the Hub names.`);
      hash.update(chunk);
      await handle.write(chunk);
    }
    if (received < size) throw new CorruptDownload(`${path} ended after ${received} of ${size} bytes.`);
    if (hash.digest('hex') !== oid) throw new CorruptDownload(`${path} is not what the Hub names by its hash.`);
  } finally {
    await handle.close();
  }
}

/** A link that holds when the cache is moved; where links cannot be made the file itself stands there, as with huggingface_hub. */
async function point(pointer: string, blob: string): Promise<void> {
  await mkdir(dirname(pointer), { recursive: true });
  try {
    await symlink(relative(dirname(pointer), blob), pointer);
  } catch {
    if (await exists(pointer)) return;
    const part = partOf(pointer, 'tmp');
    await copyFile(blob, part);
    await rename(part, pointer);
  }
}

/** A name beside a file, for what is to become it. */
const partOf = (path: string, kind: string): string => `${path}.${randomBytes(4).toString('hex')}.${kind}`;

/** Notes that a commit does not have a file, so that nobody asks again. */
export async function noteAbsent(root: string, commit: string, path: string): Promise<void> {
  const note = join(root, '.no_exist', commit, path);
  await mkdir(dirname(note), { recursive: true });
  await writeFile(note, '', { flag: 'a' });
}

/** What a branch or a tag is now. Last of all, so that whoever finds it finds the files. */
export async function noteRevision(root: string, revision: string, commit: string): Promise<void> {
  if (revision === commit) return;
  const ref = join(root, 'refs', ...revision.split('/'));
  if ((await readFile(ref, 'utf8').catch(() => null)) === commit) return;
  await mkdir(dirname(ref), { recursive: true });
  const part = partOf(ref, 'tmp');
  await writeFile(part, commit);
  await rename(part, ref);
}
