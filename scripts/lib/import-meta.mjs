// Test programs find their files beside themselves, by import.meta; a bundle lies elsewhere.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run.mjs';

const folders = ['test', 'bench'].map((folder) => `${join(root, folder)}/`);

/** esbuild plugin: in files of test/ and bench/, import.meta.url and import.meta.dirname stay those of the source. */
export const importMeta = {
  name: 'import-meta',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (!folders.some((folder) => path.startsWith(folder))) return undefined;
      const text = await readFile(path, 'utf8');
      const contents = text
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)));
      return { contents, loader: 'ts' };
    });
  },
};
