import { existsSync, mkdtempSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { REAL_FILES } from '../../src/core/formats/testing/real-files.ts';

/** The folder of public data files, or null with the reason why there is none. */
export const dataFolder = (): { readonly path: string | null; readonly why: string } => {
  const given = process.env['SFT_LENS_DATA'];
  const root = process.env['SFT_LENS_ROOT'];
  const path = given ?? (root === undefined ? null : join(root, '../shared/data'));
  return path !== null && existsSync(path)
    ? { path, why: '' }
    : { path: null, why: 'skipped: SFT_LENS_DATA names no folder' };
};

/** Bytes: VS Code opens larger files without extensions. */
const MOST = 50_000_000;

/** The file as an editor can open it: unpacked into a folder of its own when it is packed. Null when it is too large. */
export function openable(folder: string, name: string): string | null {
  const path = join(folder, name);
  if (!name.endsWith('.gz')) return statSync(path).size <= MOST ? path : null;
  const bytes = gunzipSync(readFileSync(path));
  if (bytes.length > MOST) return null;
  const unpacked = join(mkdtempSync(join(realpathSync(tmpdir()), 'sft-lens-')), basename(name, '.gz'));
  writeFileSync(unpacked, bytes);
  return unpacked;
}

export const REAL_FILE_NAMES: readonly string[] = Object.keys(REAL_FILES);
