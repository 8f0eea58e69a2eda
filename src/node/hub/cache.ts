import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_REVISION, type HubId, isCommit, parseHubId } from './hub-id.ts';

/** The files of a tokenizer at one commit, in the cache that Python's huggingface_hub keeps. */
export interface Snapshot {
  readonly folder: string;
  /** 40 hex digits. */
  readonly commit: string;
  /**
   * False where files that decide over the result were never asked for (a program fetched tokenizer.json alone): no
   * tokenizer_config.json, or no chat template in any of its places.
   */
  readonly complete: boolean;
}

export const TOKENIZER_FILE = 'tokenizer.json';
export const TEMPLATE_FOLDER = 'additional_chat_templates';

/** `models--org--name` */
export const repoFolder = (cache: string, repo: string): string =>
  join(cache, ['models', ...repo.split('/')].join('--'));

/** What the cache has of a model at a revision, without any request; null where its tokenizer.json is not there. */
export async function findSnapshot({ repo, revision }: HubId, cache: string): Promise<Snapshot | null> {
  const root = repoFolder(cache, repo);
  const commit = await commitOf(root, revision);
  if (commit === null) return null;
  const folder = join(root, 'snapshots', commit);
  if (!(await isFile(join(folder, TOKENIZER_FILE)))) return null;
  return { folder, commit, complete: await isComplete(root, commit) };
}

async function commitOf(root: string, revision: string): Promise<string | null> {
  if (isCommit(revision)) return revision;
  const ref = (await text(join(root, 'refs', ...revision.split('/'))))?.trim();
  if (ref !== undefined && isCommit(ref)) return ref;
  if (!/^[0-9a-f]{7,39}$/.test(revision)) return null;
  const fitting = (await entries(join(root, 'snapshots'))).filter(({ name }) => name.startsWith(revision));
  return fitting.length === 1 && isCommit(fitting[0]?.name ?? '') ? (fitting[0]?.name ?? null) : null;
}

async function isComplete(root: string, commit: string): Promise<boolean> {
  const here = (file: string): Promise<boolean> => isFile(join(root, 'snapshots', commit, file));
  // huggingface_hub notes which files a commit does not have.
  const absent = (file: string): Promise<boolean> => isFile(join(root, '.no_exist', commit, file));
  const config = await text(join(root, 'snapshots', commit, 'tokenizer_config.json'));
  if (config === null) return absent('tokenizer_config.json');
  return (
    config.includes('"chat_template"') || (await here('chat_template.jinja')) || (await absent('chat_template.jinja'))
  );
}

/** Ids of the models in the cache that have a tokenizer.json, by name; one that no branch leads to is named with its commit. */
export async function cachedModels(cache: string): Promise<readonly string[]> {
  const found = await Promise.all(
    (await entries(cache))
      .filter(({ name }) => name.startsWith('models--'))
      .map(async ({ name }): Promise<string | null> => {
        const repo = name.slice('models--'.length).replace('--', '/');
        if (parseHubId(repo) === null) return null;
        if ((await findSnapshot({ repo, revision: DEFAULT_REVISION }, cache)) !== null) return repo;
        for (const { name: commit } of await entries(join(cache, name, 'snapshots')))
          if ((await findSnapshot({ repo, revision: commit }, cache)) !== null) return `${repo}@${commit}`;
        return null;
      }),
  );
  return found.filter((id) => id !== null).sort();
}

const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isFile() === true;
const text = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);
const entries = (folder: string): Promise<Dirent[]> => readdir(folder, { withFileTypes: true }).catch(() => []);
