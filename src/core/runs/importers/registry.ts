import type { ImportedRun, Importer } from './importer.ts';
import { llamaFactory } from './llama-factory.ts';
import { tensorboard } from './tensorboard.ts';
import { trainerState } from './trainer-state.ts';

export const IMPORTERS: readonly Importer[] = [trainerState, llamaFactory, tensorboard];

/** Bytes from the begin of a file by which its kind is known. */
const HEAD = 8192;

/** A foreign run; null where no importer knows the file. `name`: of the file, or its path. */
export function importRun(name: string, bytes: Uint8Array): ImportedRun | null {
  const head = bytes.subarray(0, HEAD);
  for (const importer of IMPORTERS) {
    const run = importer.detect(name, head) ? importer.read(bytes) : null;
    if (run !== null) return run;
  }
  return null;
}
