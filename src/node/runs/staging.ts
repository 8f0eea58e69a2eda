import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { RUN_FILES, type RunManifest } from '../../core/runs/folder.ts';
import { RunnerError } from './runner.ts';
import { script } from './script.ts';
import haveScript from './scripts/have.sh';
import linkScript from './scripts/link.sh';
import uploadScript from './scripts/upload.sh';
import { sizeOf, tarOf, type Upload } from './tar.ts';
import type { Transport } from './transport.ts';

/** Milliseconds. Data goes as fast as the line; a line that carries nothing is ended by ssh itself. */
const TRANSFER = 24 * 3600_000;
const QUICK = 60_000;

/** Data files carry their hash in their name on the target, so that runs on the same data share them. */
export interface DataFile {
  readonly path: string;
  /** Name in the run's folder. */
  readonly name: string;
  readonly sha256: string;
}

export interface Staged {
  readonly files: readonly Upload[];
  readonly data: readonly DataFile[];
}

/** The files of a staging folder: those that the manifest has a hash for, and the others. */
export async function stagedFiles(staging: string): Promise<Staged> {
  const names = (await readdir(staging, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(staging.length)
        .replace(/^[/\\]+/, '')
        .replaceAll('\\', '/'),
    );
  const hashes = new Map<string, string>();
  if (names.includes(RUN_FILES.manifest)) {
    const manifest = JSON.parse(await readFile(join(staging, RUN_FILES.manifest), 'utf8')) as RunManifest;
    for (const split of [manifest.train, manifest.eval]) {
      if (split && /^[0-9a-f]{64}$/.test(split.arrowSha256)) hashes.set(split.file, split.arrowSha256);
    }
  }
  const files: Upload[] = [];
  const data: DataFile[] = [];
  for (const name of names.sort()) {
    const path = join(staging, name);
    const sha256 = hashes.get(name);
    if (sha256 === undefined) files.push({ name, from: { path } });
    else data.push({ path, name, sha256 });
  }
  return { files, data };
}

/** Bytes that went so far, of all. */
export type Progress = (sent: number, total: number) => void;

/** Sends what the target does not have yet and puts all of it into the run's folder. */
export async function stage(
  transport: Transport,
  folder: string,
  dataFolder: string,
  { files, data }: Staged,
  onProgress: Progress,
  signal?: AbortSignal,
): Promise<void> {
  const stored = (file: DataFile): string => `${file.sha256}.arrow`;
  const have = await transport.run(script(haveScript, { DIR: { path: dataFolder } }, data.map(stored)), {
    timeout: QUICK,
    signal,
  });
  const there = new Set(have.out.toString('utf8').split('\n'));
  const missing = [
    ...new Map(data.filter((file) => !there.has(stored(file))).map((file) => [file.sha256, file])).values(),
  ];
  const uploads: Upload[] = missing.map((file) => ({ name: stored(file), from: { path: file.path } }));
  const sizes = await Promise.all([...uploads, ...files].map(sizeOf));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let sent = 0;
  const onBytes = (bytes: number): void => {
    sent += bytes;
    onProgress(sent, total);
  };
  if (uploads.length > 0) {
    const wanted = new Map(missing.map((file) => [stored(file), file]));
    await upload(transport, dataFolder, uploads, onBytes, signal, (name, sha256) => {
      const file = wanted.get(name);
      if (file && file.sha256 !== sha256) throw new Error(`${file.name} is not the file that its manifest describes`);
    });
  }
  if (data.length > 0) {
    const pairs = data.flatMap((file) => [stored(file), file.name]);
    const linked = await transport.run(
      script(linkScript, { DATA: { path: dataFolder }, RUN: { path: folder } }, pairs),
      { timeout: 600_000, signal },
    );
    if (linked.code !== 0) throw failure(transport, linked.err);
  }
  await upload(transport, folder, files, onBytes, signal);
}

/** Files into a folder of the target, each under its name only when all of them arrived whole. */
export async function upload(
  transport: Transport,
  folder: string,
  files: readonly Upload[],
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
  onHash?: (name: string, sha256: string) => void,
): Promise<void> {
  let broken: unknown = null;
  async function* guarded(): AsyncGenerator<Buffer> {
    try {
      yield* tarOf(files, onBytes, onHash);
    } catch (error) {
      // The stream ends without its sums, so that nothing is renamed there.
      broken = error;
    }
  }
  const result = await transport.run(
    script(
      uploadScript,
      { DIR: { path: folder } },
      files.map((file) => file.name),
    ),
    {
      timeout: TRANSFER,
      input: Readable.from(guarded()),
      signal,
    },
  );
  if (broken instanceof Error) {
    throw new RunnerError('staging', `The data could not be read here: ${broken.message}.`, 'Start the run again.');
  }
  if (result.code !== 0) throw failure(transport, result.err);
}

export function failure(transport: Transport, said: string): RunnerError {
  if (/No space left on device|Disk quota exceeded/.test(said)) {
    return new RunnerError(
      'disk',
      `The disk of ${transport.where} is full.`,
      'Delete old runs there, or set workdir to a bigger disk.',
    );
  }
  const line = said.trim().split('\n').at(-1) ?? '';
  return new RunnerError(
    'staging',
    `Files could not be written on ${transport.where}${line === '' ? '.' : `: ${line.slice(0, 300)}.`}`,
    'Look whether workdir can be written there.',
  );
}
