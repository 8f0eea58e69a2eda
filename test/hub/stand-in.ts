// A small Hugging Face Hub on this machine: the requests of its clients, with redirects to a second server where large files
// lie, gates, tokens and everything that goes wrong.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StandInModel {
  readonly id: string;
  readonly files: Readonly<Record<string, string>>;
  /** Hex; made up from the files where it is not given. */
  readonly commit?: string;
  /** Branches and tags besides `main`. */
  readonly refs?: Readonly<Record<string, string>>;
  /** Its files ask for a token of `allowed`. */
  readonly gated?: boolean;
  /** Only those who may see it are told that it is there. */
  readonly hidden?: boolean;
}

export interface StandInOptions {
  /** Tokens with access to what is gated or hidden; others are valid, or not, by their prefix `hf_`. */
  readonly allowed?: readonly string[];
  /** Bytes; larger files lie on the second server. */
  readonly largeFrom?: number;
  /** Milliseconds between two pieces of a large file. */
  readonly slow?: number;
  /** Changes what is sent of a file. */
  readonly spoil?: (path: string, content: Buffer) => Buffer;
  /** Changes what is said of a file. */
  readonly describe?: (file: StandInFile) => StandInFile;
  /** Answers with this status instead. */
  readonly fail?: (url: string) => number | null;
}

export interface StandIn {
  readonly url: string;
  /** Method, path and whether a token came along, in the order of the requests; `cdn` for the second server. */
  readonly requests: readonly string[];
  /** Changes the answers from now on. */
  set(options: StandInOptions): void;
  add(model: StandInModel): void;
  close(): Promise<void>;
}

const LFS_FROM = 1000;
const PIECE = 4096;

export const commitOf = (model: StandInModel): string =>
  model.commit ??
  createHash('sha1')
    .update(JSON.stringify([model.id, model.files]))
    .digest('hex');

export async function startStandIn(models: readonly StandInModel[], options: StandInOptions = {}): Promise<StandIn> {
  let settings = options;
  const known = new Map(models.map((model) => [model.id, model]));
  const requests: string[] = [];
  const note = (kind: string, { method, url, headers }: IncomingMessage): void => {
    requests.push(
      `${kind} ${method} ${(url ?? '').split('?')[0]}${headers.authorization === undefined ? '' : ' with token'}`,
    );
  };
  const store = await listen((request, response) => {
    note('cdn', request);
    const [, id, path] = /^\/(.+)\/-\/(.+)$/.exec(decodeURIComponent(request.url ?? '')) ?? [];
    void sendSlowly(response, contentOf(known.get(id ?? ''), path ?? '', settings), settings.slow ?? 0);
  });
  const hub = await listen((request, response) => {
    note('hub', request);
    const failure = settings.fail?.(request.url ?? '') ?? null;
    if (failure !== null) return refuse(response, failure, '');
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://hub');
    if (url.pathname === '/api/models') {
      const query = (url.searchParams.get('search') ?? '').toLowerCase();
      const found = [...known.values()].filter(({ id, hidden }) => hidden !== true && id.toLowerCase().includes(query));
      return json(
        response,
        found.map((model) => entry(model)),
      );
    }
    const api = /^\/api\/models\/(.+?)\/(revision|paths-info|tree)\/([^/]+)(?:\/(.+))?$/.exec(url.pathname);
    const file = /^\/(.+?)\/resolve\/([^/]+)\/(.+)$/.exec(url.pathname);
    const model = known.get(api?.[1] ?? file?.[1] ?? '');
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token !== undefined && !token.startsWith('hf_')) return refuse(response, 401, '');
    const mayRead = token !== undefined && settings.allowed?.includes(token) === true;
    if (model === undefined || (model.hidden === true && !mayRead))
      return refuse(response, token === undefined ? 401 : 404, 'RepoNotFound');
    const revision = decodeURIComponent(api?.[3] ?? file?.[2] ?? '');
    const commit = revisionOf(model, revision);
    if (commit === null) return refuse(response, 404, 'RevisionNotFound');
    if (api?.[2] === 'revision') return json(response, { ...entry(model), sha: commit });
    if (api?.[2] === 'tree') {
      const inside = Object.entries(model.files).filter(
        ([path]) => api[4] === undefined || path.startsWith(`${api[4]}/`),
      );
      return inside.length === 0
        ? refuse(response, 404, 'EntryNotFound')
        : json(
            response,
            inside.map(([path, text]) => infoOf(path, text)),
          );
    }
    if (api !== null) {
      const { paths } = JSON.parse(await textOf(request)) as { paths: string[] };
      return json(
        response,
        paths
          .flatMap((path) => (path in model.files ? [infoOf(path, model.files[path] ?? '')] : []))
          .map((file) => settings.describe?.(file) ?? file),
      );
    }
    const path = file?.[3] ?? '';
    if (model.gated === true && !mayRead) return refuse(response, token === undefined ? 401 : 403, 'GatedRepo');
    if (!(path in model.files)) return refuse(response, 404, 'EntryNotFound');
    const { oid, size, lfs } = infoOf(path, model.files[path] ?? '');
    const headers = { ETag: `"${lfs?.oid ?? oid}"`, 'X-Repo-Commit': commit };
    if (size >= (settings.largeFrom ?? LFS_FROM)) {
      const linked = { 'X-Linked-Etag': `"${lfs?.oid ?? oid}"`, 'X-Linked-Size': size };
      response
        .writeHead(302, { ...headers, ...linked, Location: `${addressOf(store, 'localhost')}/${model.id}/-/${path}` })
        .end();
      return;
    }
    const content = contentOf(model, path, settings);
    response.writeHead(200, { ...headers, 'Content-Length': content.length }).end(content);
  }

  return {
    url: addressOf(hub),
    requests,
    set: (next) => {
      settings = next;
    },
    add: (model) => known.set(model.id, model),
    close: async () => {
      await Promise.all([hub, store].map((server) => closed(server)));
    },
  };
}

const revisionOf = (model: StandInModel, revision: string): string | null => {
  const commit = commitOf(model);
  if (revision === 'main' || revision === commit || (revision.length >= 7 && commit.startsWith(revision)))
    return commit;
  return model.refs?.[revision] ?? (Object.values(model.refs ?? {}).includes(revision) ? revision : null);
};

const entry = (model: StandInModel): object => ({
  _id: '0123456789abcdef01234567',
  id: model.id,
  private: model.hidden === true,
  gated: model.gated === true ? 'auto' : false,
  downloads: 1,
  likes: 1,
  lastModified: '2026-01-01T00:00:00.000Z',
  siblings: Object.keys(model.files).map((rfilename) => ({ rfilename })),
});

export interface StandInFile {
  readonly type: 'file';
  readonly path: string;
  readonly size: number;
  readonly oid: string;
  readonly lfs?: { readonly oid: string; readonly size: number; readonly pointerSize: number };
}

function infoOf(path: string, text: string): StandInFile {
  const content = Buffer.from(text);
  const size = content.length;
  const info: StandInFile = {
    type: 'file',
    path,
    size,
    oid: createHash('sha1').update(`blob ${size}\0`).update(content).digest('hex'),
  };
  if (size < LFS_FROM) return info;
  return { ...info, lfs: { oid: createHash('sha256').update(content).digest('hex'), size, pointerSize: 130 } };
}

function contentOf(model: StandInModel | undefined, path: string, { spoil }: StandInOptions): Buffer {
  const content = Buffer.from(model?.files[path] ?? '');
  return spoil?.(path, content) ?? content;
}

async function sendSlowly(response: ServerResponse, content: Buffer, pause: number): Promise<void> {
  response.writeHead(200, { 'Content-Length': content.length });
  for (let at = 0; at < content.length; at += PIECE) {
    if (response.destroyed) return;
    response.write(content.subarray(at, at + PIECE));
    if (pause > 0) await new Promise((go) => setTimeout(go, pause));
  }
  response.end();
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'Content-Type': 'application/json', ...(code === '' ? {} : { 'X-Error-Code': code }) })
    .end(JSON.stringify({ error: `refused with ${status}` }));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

const listen = (handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> =>
  new Promise((resolve) => {
    const server: Server = createServer(handler).listen(0, '127.0.0.1', () => resolve(server));
  });

/** Clients of the Hub tell its own host from others by name. */
const addressOf = (server: Server, host = '127.0.0.1'): string =>
  `http://${host}:${(server.address() as AddressInfo).port}`;

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
