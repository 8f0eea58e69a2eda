import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A socket's path may have 104 bytes; %C takes 40 and ssh adds 17 while it opens one. */
const MAX_FOLDER = 45;

/** A folder that only this user can enter, for the sockets of shared connections; null: there is no fitting one. */
export function socketFolder(env: NodeJS.ProcessEnv = process.env): string | null {
  const uid = process.getuid?.();
  if (uid === undefined) return null;
  const name = `sft-lens-${uid}`;
  for (const base of [env['XDG_RUNTIME_DIR'], tmpdir(), '/tmp']) {
    if (!base) continue;
    const folder = join(base, name);
    if (Buffer.byteLength(folder) > MAX_FOLDER) continue;
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch {
      // It is there already, or cannot be; the look at it tells.
    }
    try {
      const found = lstatSync(folder);
      if (found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return folder;
    } catch {
      // Not this one.
    }
  }
  return null;
}
