import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Folders below an environment where Python keeps packages; `python3.x` is looked up. */
const LIBRARIES = ['lib', 'lib64', 'Lib'];
const PACKAGES = ['site-packages', 'dist-packages'];

/**
 * The chat templates of TRL in the first of these Pythons that has it: each an environment's folder or an interpreter in
 * one. Files are only looked for; nothing is run.
 */
export async function findTrl(pythons: readonly string[]): Promise<string | null> {
  for (const python of pythons) {
    for (const packages of await packageFolders(environmentOf(python))) {
      const folder = join(packages, 'trl', 'chat_templates');
      if ((await stat(folder).catch(() => null))?.isDirectory() === true) return folder;
    }
  }
  return null;
}

/** An interpreter is not followed through links: that of an environment links to the one that it was made with. */
function environmentOf(python: string): string {
  if (!/^python[\d.]*(\.exe)?$/i.test(basename(python))) return python;
  const folder = dirname(python);
  return /^(bin|scripts)$/i.test(basename(folder)) ? dirname(folder) : folder;
}

async function packageFolders(environment: string): Promise<string[]> {
  const found: string[] = [];
  for (const library of LIBRARIES) {
    const entries = await readdir(join(environment, library)).catch((): string[] => []);
    const versions = entries.filter((entry) => entry.startsWith('python3')).sort();
    for (const at of ['', ...versions.reverse()])
      for (const packages of PACKAGES)
        if (at !== '' || entries.includes(packages)) found.push(join(environment, library, at, packages));
  }
  return found;
}
