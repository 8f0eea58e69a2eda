import { availableParallelism } from 'node:os';
import type { RowDetail, RowSummary } from '../core/analysis-types.ts';
import type { Settings } from '../core/config.ts';
import { DETECTION_SAMPLE, detectFile } from '../core/detect.ts';
import type { FormatName } from '../core/formats/format.ts';
import type { LensService } from '../core/service-types.ts';
import { type Job, WorkerPool } from './pool.ts';

export interface ServiceOptions {
  /** Path of the bundled worker. */
  readonly worker: string;
  /** Folder with the packed tokenizer. */
  readonly assets: string;
  /** Worker threads; default: the processors, at most 4. */
  readonly threads?: number;
  /** How many of them may do what is not urgent at one time; default: all. */
  readonly background?: number;
  /** Milliseconds for one row; default: 5 seconds. */
  readonly rowLimit?: number;
}

export class Aborted extends Error {
  constructor() {
    super('Stopped.');
    this.name = 'AbortError';
  }
}

interface BatchSize {
  /** UTF-16 units. */
  readonly units: number;
  readonly rows: number;
}
/** Each batch costs a round trip. Urgent rows have a worker of their own then. */
const LARGE_BATCH: BatchSize = { units: 240_000, rows: 400 };
/** Small enough that an urgent row never waits long behind one. */
const SMALL_BATCH: BatchSize = { units: 60_000, rows: 100 };
/** Milliseconds for one row, or for one turn of a worker: the template's own limits stop almost every row much sooner. */
const ROW_LIMIT = 5_000;

export function createService(options: ServiceOptions): LensService {
  const threads = options.threads ?? Math.min(4, availableParallelism());
  const size = { threads, background: options.background ?? threads };
  const pool = new WorkerPool(options.worker, { assets: options.assets }, size);
  const batch = {
    ...(size.background < size.threads ? LARGE_BATCH : SMALL_BATCH),
    limit: options.rowLimit ?? ROW_LIMIT,
  };

  return {
    detect: (sample, settings) => Promise.resolve(detectFile(sample.slice(0, DETECTION_SAMPLE), settings)),
    summarize: (rows, settings, fileFormat, { urgent = false, signal } = {}) =>
      mapRows(pool, batch, rows, {
        settings,
        urgent,
        signal,
        run: (channel, part) => channel.request('summarize', { rows: part, settings, fileFormat }),
        lost: (row, reason, detail) => endedSummary(row, reason, detail, fileFormat),
      }),
    tokenize: (rows, settings, fileFormat) =>
      mapRows(pool, batch, rows, {
        settings,
        urgent: false,
        signal: undefined,
        run: (channel, part) => channel.request('tokenize', { rows: part, settings, fileFormat }),
        lost: () => null,
      }),
    compare: (rows, given, fileFormat, sides, { signal } = {}) => {
      const settings = { ...given, mask: sides[0].mask };
      return mapRows(pool, batch, rows, {
        settings,
        urgent: false,
        signal,
        run: (channel, part) => channel.request('compare', { rows: part, settings, fileFormat, sides }),
        lost: () => null,
      });
    },
    answers: (rows, settings, fileFormat, kind) =>
      mapRows(pool, batch, rows, {
        settings,
        urgent: false,
        signal: undefined,
        run: (channel, part) => channel.request('answers', { rows: part, settings, fileFormat, kind }),
        lost: () => null,
      }),
    decode: (ids, settings) => once(pool, settings, (channel) => channel.request('decode', { ids, settings })),
    vocabulary: (settings) => once(pool, settings, (channel) => channel.request('vocabulary', { settings })),
    detail: async (row, settings, fileFormat) => {
      const [detail] = await mapRows<RowDetail>(pool, batch, [row], {
        settings,
        urgent: true,
        signal: undefined,
        run: async (channel) => [await channel.request('detail', { row, settings, fileFormat })],
        lost: (_, reason, text) => ({
          ...endedSummary(row, reason, text, fileFormat),
          parts: [],
          templateError: null,
          messages: [],
        }),
      });
      return detail!;
    },
    resolve: (settings) => once(pool, settings, (channel) => channel.request('resolve', { settings })),
    reload: () => pool.reload(),
    dispose: () => pool.dispose(),
  };
}

/** One urgent request. Rejects with a sentence where the worker does not answer. */
const once = <T>(
  pool: WorkerPool,
  settings: Settings,
  ask: (channel: Parameters<Job['run']>[0]) => Promise<T>,
): Promise<T> =>
  new Promise((resolve, reject) => {
    pool.add({
      settings,
      urgent: true,
      limit: ROW_LIMIT,
      run: async (channel) => resolve(await ask(channel)),
      lost: (reason, detail) =>
        reject(new Error(reason === 'timeout' ? `No answer within ${detail}.` : `The analysis stopped: ${detail}`)),
    });
  });

interface RowJob<T> {
  readonly settings: Settings;
  readonly urgent: boolean;
  readonly signal: AbortSignal | undefined;
  /** Results of the first rows, at least of one: the others are asked for again. */
  run(channel: Parameters<Job['run']>[0], rows: readonly string[]): Promise<readonly T[]>;
  /** The result of a row whose analysis had to be ended. */
  lost(row: string, reason: 'timeout' | 'died', detail: string): T;
}

/** Rows in batches over the pool, results in the order of the rows. Rejects only with `Aborted`. */
function mapRows<T>(
  pool: WorkerPool,
  batch: BatchSize & { readonly limit: number },
  rows: readonly string[],
  work: RowJob<T>,
): Promise<T[]> {
  const { settings, urgent, signal } = work;
  if (signal?.aborted === true) return Promise.reject(new Aborted());
  const results = new Array<T>(rows.length);
  return new Promise((resolve, reject) => {
    const open = new Set<Job>();
    const abort = (): void => {
      pool.cancel(open);
      reject(new Aborted());
    };
    const stopped = (): boolean => signal?.aborted === true;
    const done = (job: Job): void => {
      open.delete(job);
      if (open.size > 0) return;
      signal?.removeEventListener('abort', abort);
      resolve(results);
    };
    const add = (from: number, to: number): void => {
      const single = to - from === 1;
      const job: Job = {
        settings,
        urgent,
        limit: batch.limit,
        run: async (channel) => {
          const part = await work.run(channel, rows.slice(from, to));
          part.forEach((result, i) => {
            results[from + i] = result;
          });
          if (from + part.length < to && !stopped()) add(from + part.length, to);
          done(job);
        },
        lost: (reason, detail) => {
          if (stopped()) return;
          // One row of the batch is to blame: try each alone, and tell it of the one that fails.
          if (single) results[from] = work.lost(rows[from] ?? '', reason, detail);
          else for (let i = from; i < to; i++) add(i, i + 1);
          done(job);
        },
      };
      open.add(job);
      pool.add(job);
    };
    signal?.addEventListener('abort', abort, { once: true });
    const parts = [...batches(rows, batch)];
    if (parts.length === 0) resolve(results);
    for (const [from, to] of parts) add(from, to);
  });
}

function* batches(rows: readonly string[], size: BatchSize): Generator<readonly [from: number, to: number]> {
  let from = 0;
  let units = 0;
  for (let i = 0; i < rows.length; i++) {
    units += rows[i]?.length ?? 0;
    if (units < size.units && i + 1 - from < size.rows) continue;
    yield [from, i + 1];
    from = i + 1;
    units = 0;
  }
  if (from < rows.length) yield [from, rows.length];
}

const endedSummary = (row: string, reason: 'timeout' | 'died', detail: string, format: FormatName): RowSummary => ({
  format,
  counts: { tokens: 0, trained: 0, truncated: 0, trainedCut: 0 },
  hash: '',
  length: row.length,
  problems: [
    {
      ...(reason === 'timeout'
        ? {
            code: 'template/limit',
            message: `Analysing this row took longer than ${detail} and was stopped. Check the chat template and the tokenizer's patterns, or shorten the row.`,
          }
        : {
            code: 'internal/check',
            message: `SFT Lens failed on this row: ${detail.replace(/\.?$/, '.')} Report it with the row.`,
          }),
      severity: 'error',
      pointer: '',
      range: [0, row.length],
    },
  ],
});
