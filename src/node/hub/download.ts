import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { downloadFile, listModels, modelInfo, pathsInfo } from '@huggingface/hub';
import { nearest } from '../../core/checks/lib/words.ts';
import { cachedModels, findSnapshot, repoFolder, type Snapshot, TEMPLATE_FOLDER, TOKENIZER_FILE } from './cache.ts';
import { haveFile, noteAbsent, noteRevision, type RemoteFile, storeFile } from './cache-write.ts';
import { failureOf, HubAnswer, type HubFailure } from './failure.ts';
import { type HubId, isCommit, shownHubId } from './hub-id.ts';
import type { HubPlaces } from './places.ts';
import type { DownloadProgress } from './progress.ts';
import { createRequests, type Requests } from './requests.ts';

// The only file that knows the Hub's client. It is a bundle of its own, loaded with the first download (load.ts).

export interface DownloadOptions {
  readonly places: HubPlaces;
  readonly token: string | null;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Milliseconds without a byte after which the download is given up. */
  readonly patience?: number | undefined;
  readonly fetch?: typeof fetch | undefined;
}

export type DownloadResult =
  | { readonly ok: true; readonly snapshot: Snapshot }
  | { readonly ok: false; readonly failure: HubFailure };

/** What a tokenizer is made of; config.json says of which kind its model is. */
const FILES = [
  'config.json',
  'special_tokens_map.json',
  'tokenizer_config.json',
  'chat_template.json',
  'chat_template.jinja',
];
const TEMPLATES = new RegExp(`^${TEMPLATE_FOLDER}/\\w[\\w.-]*\\.jinja$`);
/** A repository is untrusted. The largest tokenizer.json that is in use has 33 MB. */
const MOST_BYTES = 100_000_000;
const MOST_TEMPLATES = 20;

/**
 * Brings the files of a model's tokenizer into the Hugging Face cache, as huggingface_hub would. What is there already is not
 * fetched again. Never rejects: a failure is a sentence with what to do.
 */
export async function downloadTokenizer(id: HubId, options: DownloadOptions): Promise<DownloadResult> {
  const { places, token, signal } = options;
  const page = `${places.endpoint}/${id.repo}`;
  const failed = (kind: HubFailure['kind'], sentence: string): DownloadResult => ({
    ok: false,
    failure: { kind, sentence, page },
  });
  if (places.offline)
    return failed(
      'offline',
      `${shownHubId(id)} is not on this machine, and HF_HUB_OFFLINE forbids to download it. Remove that variable, or copy the tokenizer's files to a folder and choose that.`,
    );
  const requests = createRequests({ ...options, endpoint: places.endpoint });
  try {
    const { commit, files, others } = await look(id, places, requests);
    const main = files.find(({ path }) => path === TOKENIZER_FILE);
    if (main === undefined) return failed('no-tokenizer', withoutTokenizer(id, others));
    const large = files.find(({ size }) => size > MOST_BYTES);
    if (large !== undefined)
      return failed(
        'too-large',
        `${large.path} of ${shownHubId(id)} has ${megabytes(large.size)}, more than the ${megabytes(MOST_BYTES)} that are downloaded. Choose another model, or a folder.`,
      );
    await receive(id, commit, files, { ...options, requests });
    const snapshot = await findSnapshot({ repo: id.repo, revision: commit }, places.cache);
    if (snapshot === null) throw new Error('the files are not where they were written');
    return { ok: true, snapshot };
  } catch (thrown) {
    if (signal?.aborted === true) return failed('cancelled', `The download of ${shownHubId(id)} was stopped.`);
    const error = requests.failure() ?? thrown;
    const isMissing = error instanceof HubAnswer && (error.code === 'RepoNotFound' || error.status === 404);
    const meant = isMissing ? await similar(id, options) : null;
    return { ok: false, failure: failureOf(error, { id, places, hasToken: token !== null, meant }) };
  } finally {
    requests.end();
  }
}

/** The commit that a revision is now. Rejects with the request's error. */
export async function newestCommit(id: HubId, { places, token, signal, fetch }: DownloadOptions): Promise<string> {
  const requests = createRequests({ endpoint: places.endpoint, token, signal, fetch });
  try {
    return (await revisionOf(id, places, requests)).commit;
  } finally {
    requests.end();
  }
}

async function revisionOf(
  { repo, revision }: HubId,
  { endpoint }: HubPlaces,
  { fetch }: Requests,
): Promise<{ readonly commit: string; readonly paths: readonly string[] }> {
  const { sha, filePaths } = await modelInfo({
    name: repo,
    revision,
    additionalFields: ['sha', 'filePaths'],
    hubUrl: endpoint,
    fetch,
  });
  if (typeof sha !== 'string' || !isCommit(sha)) throw new Error('the Hub named no commit');
  return { commit: sha, paths: filePaths.filter((path) => typeof path === 'string') };
}

/** Which files a revision has of those that are wanted, tokenizer.json last; `others` are the rest of its paths. */
async function look(
  id: HubId,
  places: HubPlaces,
  requests: Requests,
): Promise<{ readonly commit: string; readonly files: readonly RemoteFile[]; readonly others: readonly string[] }> {
  const { commit, paths } = await revisionOf(id, places, requests);
  const templates = paths.filter((path) => TEMPLATES.test(path) && !path.includes('..')).slice(0, MOST_TEMPLATES);
  const wanted = [...FILES.filter((path) => paths.includes(path)), ...templates];
  if (!paths.includes(TOKENIZER_FILE)) return { commit, files: [], others: paths };
  const infos = await pathsInfo({
    repo: { type: 'model', name: id.repo },
    paths: [...wanted, TOKENIZER_FILE],
    revision: commit,
    hubUrl: places.endpoint,
    fetch: requests.fetch,
  });
  const files = [...wanted, TOKENIZER_FILE].flatMap((path): RemoteFile[] => {
    const info = infos.find((one) => one.path === path && one.type === 'file');
    if (info === undefined) return [];
    const { oid, size } = info.lfs ?? info;
    if (typeof oid !== 'string' || !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(oid) || !Number.isInteger(size))
      throw new Error(`the Hub does not say what ${path} is`);
    return [{ path, size, oid }];
  });
  return { commit, files, others: paths };
}

async function receive(
  { repo, revision }: HubId,
  commit: string,
  files: readonly RemoteFile[],
  { places, requests, onProgress }: DownloadOptions & { readonly requests: Requests },
): Promise<void> {
  const root = repoFolder(places.cache, repo);
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let received = 0;
  const report = (bytes: number): void => onProgress?.({ received: (received += bytes), total });
  for (const file of files) {
    if (await haveFile(root, commit, file)) report(file.size);
    else await storeFile(root, commit, file, contentOf(file, { repo, commit, places, requests, report }));
  }
  for (const path of FILES) if (!files.some((file) => file.path === path)) await noteAbsent(root, commit, path);
  await noteRevision(root, revision, commit);
}

interface Source {
  readonly repo: string;
  readonly commit: string;
  readonly places: HubPlaces;
  readonly requests: Requests;
  report(bytes: number): void;
}

async function* contentOf({ path, size, oid }: RemoteFile, source: Source): AsyncGenerator<Uint8Array> {
  // The answer has no body to wait for.
  if (size === 0) return;
  const { repo, commit, places, requests, report } = source;
  const blob = await downloadFile({
    repo: { type: 'model', name: repo },
    path,
    revision: commit,
    hubUrl: places.endpoint,
    fetch: requests.fetch,
    xet: false,
    // Known already, which saves a request for each file.
    downloadInfo: { size, etag: oid, url: `${places.endpoint}/${repo}/resolve/${commit}/${path}` },
  });
  if (blob === null) throw new Error(`${path} is gone`);
  for await (const chunk of Readable.fromWeb(blob.stream() as ReadableStream<Uint8Array>)) {
    requests.touch();
    report((chunk as Uint8Array).length);
    yield chunk as Uint8Array;
  }
}

/** A model that may have been meant: of the Hub's search for the name, or of this machine. */
async function similar({ repo }: HubId, { places, token, signal, fetch }: DownloadOptions): Promise<string | null> {
  const requests = createRequests({ endpoint: places.endpoint, token, signal, fetch, patience: 5_000 });
  const candidates = [...(await cachedModels(places.cache))];
  try {
    const query = repo.slice(repo.indexOf('/') + 1);
    const found = listModels({ search: { query }, limit: 10, hubUrl: places.endpoint, fetch: requests.fetch });
    for await (const { name } of found) candidates.push(name);
  } catch {
    // A guess is not worth a second failure.
  } finally {
    requests.end();
  }
  return nearest(repo, candidates);
}

function withoutTokenizer(id: HubId, paths: readonly string[]): string {
  const shown = shownHubId(id);
  if (paths.includes('adapter_config.json'))
    return `${shown} is an adapter without a tokenizer.json. Choose the tokenizer of its base model.`;
  const old = [
    'tokenizer.model',
    'spiece.model',
    'sentencepiece.bpe.model',
    'tekken.json',
    'vocab.json',
    'vocab.txt',
  ].find((path) => paths.includes(path));
  if (old === undefined) return `${shown} has no tokenizer.json. Choose the model that it was made from.`;
  return `${shown} has no tokenizer.json, only ${old}. Convert it in Python, AutoTokenizer.from_pretrained("${id.repo}").save_pretrained("my-tokenizer"), and choose that folder.`;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0)} MB`;
