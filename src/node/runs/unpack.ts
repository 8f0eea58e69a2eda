import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RunnerError } from './runner.ts';

/** Unpacks a tar, as it comes, into a folder here; nothing appears there before all of it has come. */
export async function unpackInto(
  folder: string,
  fill: (onOut: (data: Buffer) => undefined | Promise<void>) => Promise<void>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const part = await mkdtemp(join(folder, '.part-'));
  try {
    const tar = spawn('tar', ['-xf', '-', '-C', part], { stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    tar.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000);
    });
    tar.stdin.on('error', () => undefined);
    const ended = new Promise<number | null>((resolve, reject) => {
      tar.once('close', resolve);
      tar.once('error', reject);
    });
    ended.catch(() => undefined);
    try {
      await fill((data) => {
        if (tar.stdin.destroyed || tar.stdin.write(data)) return undefined;
        return Promise.race([once(tar.stdin, 'drain'), ended]).then(() => undefined);
      });
    } finally {
      tar.stdin.end();
    }
    if ((await ended) !== 0) {
      throw new RunnerError(
        'disk',
        `The files could not be written here: ${said.trim().split('\n').at(-1) ?? ''}.`,
        'Choose another folder.',
      );
    }
    for (const name of await readdir(part)) {
      await rm(join(folder, name), { recursive: true, force: true });
      await rename(join(part, name), join(folder, name));
    }
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}
