import { HubAnswer, Silence } from './failure.ts';

export interface RequestOptions {
  readonly endpoint: string;
  readonly token: string | null;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte after which a request is given up. */
  readonly patience?: number | undefined;
  readonly fetch?: typeof fetch | undefined;
}

/** Requests to the Hub that end together. */
export interface Requests {
  /** For `@huggingface/hub`. An answer that is none throws `HubAnswer`, so that the Hub's own word for it is not lost. */
  readonly fetch: typeof fetch;
  /** The body of an answer goes on. */
  touch(): void;
  /** The error that ended the last request: the library gives only its text where a body is read. */
  failure(): unknown;
  end(): void;
}

const PATIENCE = 30_000;

export function createRequests({ endpoint, token, signal, patience = PATIENCE, fetch: own }: RequestOptions): Requests {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  const { origin } = new URL(endpoint);
  let timer: NodeJS.Timeout | undefined;
  let failure: unknown = null;
  const touch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(
      () => stop.abort((failure = new Silence(`nothing came for ${patience / 1000} seconds.`))),
      patience,
    );
  };
  const request: typeof fetch = async (input, init) => {
    touch();
    try {
      const url = new URL(input instanceof Request ? input.url : input);
      const headers = new Headers(init?.headers);
      // Only to the Hub itself; a redirect to where large files lie takes it away again.
      if (token !== null && url.origin === origin) headers.set('Authorization', `Bearer ${token}`);
      // Looked up at each request: VS Code replaces the global one to honour its proxy settings.
      const answer = await (own ?? globalThis.fetch)(url, { ...init, headers, signal: stop.signal });
      if (answer.ok) return answer;
      await answer.body?.cancel();
      throw new HubAnswer(answer.status, answer.headers.get('X-Error-Code') ?? '');
    } catch (error) {
      failure ??= error;
      throw error;
    }
  };
  return {
    fetch: request,
    touch,
    failure: () => failure,
    end: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}
