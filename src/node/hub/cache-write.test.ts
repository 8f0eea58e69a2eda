import { createHash } from 'node:crypto';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { haveFile, type RemoteFile, storeFile } from './cache-write.ts';

// A file system without links, such as Windows without the right to make them.
vi.mock('node:fs/promises', async (original) => ({
  ...(await original<typeof import('node:fs/promises')>()),
  symlink: () => Promise.reject(Object.assign(new Error('no links'), { code: 'EPERM' })),
}));

it('the file itself stands where no link can be made', async () => {
  const root = mkdtempSync(join(tmpdir(), 'sft-lens-'));
  try {
    const content = Buffer.from('{}');
    const oid = createHash('sha1').update('blob 2\0').update(content).digest('hex');
    const file: RemoteFile = { path: 'config.json', size: 2, oid };
    for (const commit of ['a', 'b']) {
      expect(await haveFile(root, commit, file)).toBe(commit === 'b');
      if (commit === 'a') await storeFile(root, commit, file, one(content));
      const path = join(root, 'snapshots', commit, 'config.json');
      expect(lstatSync(path).isFile()).toBe(true);
      expect(readFileSync(path, 'utf8')).toBe('{}');
      expect(readdirSync(join(root, 'snapshots', commit))).toEqual(['config.json']);
    }
  } finally {
    rmSync(root, { recursive: true });
  }
});

async function* one(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
