import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The arguments of all processes of this machine. */
export const argumentsOfAll = (): string =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');

/** The files below a folder that hold a text. */
export const filesWith = (folder: string, text: string): readonly string[] =>
  (readdirSync(folder, { recursive: true }) as string[]).filter(
    (name) => statSync(join(folder, name)).isFile() && readFileSync(join(folder, name)).includes(text),
  );

/** Waits until a process is gone; one that only waits for its end to be read is. */
export async function gone(pid: unknown): Promise<void> {
  const state = (): string => {
    try {
      return readFileSync(`/proc/${Number(pid)}/stat`, 'utf8').replace(/^.*\) /s, '')[0] ?? '';
    } catch {
      return '';
    }
  };
  for (let tries = 0; !['', 'Z', 'X'].includes(state()); tries++) {
    if (tries > 50) throw new Error(`process ${Number(pid)} lives`);
    await sleep(50);
  }
}
