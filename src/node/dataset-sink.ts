import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { arrowSink, type Columns, type RowOf, type RowSink } from './token-sink.ts';

const DATA = 'data-00000-of-00001.arrow';
/** What `datasets` leaves in such a folder, its caches included. */
const ITS_FILES = /^((data|cache)-[\w-]+\.arrow|dataset_info\.json|state\.json)$/;

/**
 * A folder as `Dataset.save_to_disk` of Hugging Face `datasets` writes it (4.0 to 5.2), for `load_from_disk`. It appears
 * under its name when it is whole, and replaces an earlier one; any other folder stays, and `close` rejects.
 */
export async function datasetSink<C extends Columns>(path: string, columns: C): Promise<RowSink<RowOf<C>>> {
  const part = `${path}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  const rows = await arrowSink(join(part, DATA), columns);
  const abandon = async (): Promise<void> => {
    await rows.abandon();
    await rm(part, { recursive: true, force: true });
  };
  return {
    write: (list) => rows.write(list),
    async close() {
      const written = await rows.close();
      // The features are those of the Arrow schema: each version of `datasets` has words of its own for them.
      await writeJson(join(part, 'dataset_info.json'), { citation: '', description: '', homepage: '', license: '' });
      await writeJson(join(part, 'state.json'), {
        _data_files: [{ filename: DATA }],
        // Names the caches that `datasets` keeps in the folder, so it follows the content.
        _fingerprint: written.sha256.slice(0, 16),
        _format_columns: null,
        _format_kwargs: {},
        _format_type: null,
        _output_all_columns: false,
        _split: null,
      });
      if (!(await isReplaceable(path))) throw new Error(`${path} holds other files.`);
      await rm(path, { recursive: true, force: true });
      await rename(part, path);
      return written;
    },
    abandon,
  };
}

/** Whether a folder can be written there: nothing is, or an earlier one. */
export async function isReplaceable(path: string): Promise<boolean> {
  try {
    return (await readdir(path)).every((name) => ITS_FILES.test(name));
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}

const writeJson = (path: string, value: unknown): Promise<void> =>
  writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
