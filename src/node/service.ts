import { availableParallelism } from 'node:os';
import type { RowDetail, RowSummary } from '../core/analysis-types.ts';
import type { Settings } from '../core/config.ts';
import { DETECTION_SAMPLE, detectFile } from '../core/detect.ts';
import type { FormatName } from '../core/formats/format.ts';
import type { LensService, Resolved } from '../core/service-types.ts';
import { type Job, WorkerPool } from './pool.ts';

export interface ServiceOptions {
  /** Path of the bundled worker. */
  readonly worker: string;
  /** Folder with the packed tokenizer. */
  readonly assets: string;
  /** Worker threads; default: the processors, at most 4. */
  readonly threads?: number;
}

export class Aborted extends Error {
  constructor() {
    super('Stopped.');
    this.name = 'AbortError';
  }
}

/** A batch is small enough that an urgent row never waits long behind one. UTF-16 units and rows. */
const BATCH_UNITS = 60_000;
const BATCH_ROWS = 100;
/** Milliseconds for a batch: the template's own limits stop a row within one second. */
const BATCH_LIMIT = 10_000;
const ROW_LIMIT = 5_000;

export function createService(options: ServiceOptions): LensService {
  const threads = options.threads ?? Math.min(4, availableParallelism());
  const pool = new WorkerPool(options.worker, { assets: options.assets }, threads);

  const request = <T>(
    settings: Settings,
    limit: number,
    run: (channel: Parameters<Job['run']>[0]) => Promise<T>,
  ): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      pool.add({
        settings,
        urgent: true,
        limit,
        run: async (channel) => resolve(await run(channel)),
        lost: (reason, detail) =>
          reject(new Error(reason === 'timeout' ? `No answer within ${detail}.` : `The analysis stopped: ${detail}`)),
      });
    });

  return {
    detect: (sample, settings) => Promise.resolve(detectFile(sample.slice(0, DETECTION_SAMPLE), settings)),
    summarize: (rows, settings, fileFormat, { urgent = false, signal } = {}) =>
      summarizeRows(pool, rows, settings, fileFormat, urgent, signal),
    detail: async (row, settings, fileFormat) => {
      try {
        return await request(settings, ROW_LIMIT, (channel) =>
          channel.request('detail', { row, settings, fileFormat }),
        );
      } catch (error) {
        const summary = stopped(row, error instanceof Error ? error.message : String(error), fileFormat);
        return { ...summary, parts: [], templateError: null, messages: [] } satisfies RowDetail;
      }
    },
    resolve: (settings): Promise<Resolved> =>
      request(settings, ROW_LIMIT, (channel) => channel.request('resolve', { settings })),
    reload: () => pool.reload(),
    dispose: () => pool.dispose(),
  };
}

async function summarizeRows(
  pool: WorkerPool,
  rows: readonly string[],
  settings: Settings,
  fileFormat: FormatName,
  urgent: boolean,
  signal: AbortSignal | undefined,
): Promise<RowSummary[]> {
  if (signal?.aborted === true) throw new Aborted();
  const results = new Array<RowSummary>(rows.length);
  const open = new Set<Job>();
  await new Promise<void>((resolve, reject) => {
    let left = 0;
    const abort = (): void => {
      pool.cancel(open);
      reject(new Aborted());
    };
    signal?.addEventListener('abort', abort, { once: true });
    const done = (job: Job): void => {
      open.delete(job);
      if (--left > 0) return;
      signal?.removeEventListener('abort', abort);
      resolve();
    };
    const add = (from: number, to: number): void => {
      left++;
      const job: Job = {
        settings,
        urgent,
        limit: to - from > 1 ? BATCH_LIMIT : ROW_LIMIT,
        run: async (channel) => {
          const part = await channel.request('summarize', { rows: rows.slice(from, to), settings, fileFormat });
          part.forEach((summary, i) => {
            results[from + i] = summary;
          });
          done(job);
        },
        lost: (_, detail) => {
          // One row of the batch is to blame: try each alone, and tell it of the one that fails.
          if (to - from > 1) for (let i = from; i < to; i++) add(i, i + 1);
          else results[from] = stopped(rows[from] ?? '', detail, fileFormat);
          done(job);
        },
      };
      open.add(job);
      pool.add(job);
    };
    for (const [from, to] of batches(rows)) add(from, to);
    if (left === 0) resolve();
  });
  return results;
}

function* batches(rows: readonly string[]): Generator<readonly [from: number, to: number]> {
  let from = 0;
  let units = 0;
  for (let i = 0; i < rows.length; i++) {
    units += rows[i]?.length ?? 0;
    if (units < BATCH_UNITS && i + 1 - from < BATCH_ROWS) continue;
    yield [from, i + 1];
    from = i + 1;
    units = 0;
  }
  if (from < rows.length) yield [from, rows.length];
}

const stopped = (row: string, detail: string, format: FormatName): RowSummary => ({
  format,
  counts: { tokens: 0, trained: 0, truncated: 0, trainedCut: 0 },
  hash: '',
  problems: [
    {
      code: 'template/limit',
      severity: 'error',
      message: `This row could not be analysed (${detail}). Check the chat template and the tokenizer's patterns, or shorten the row.`,
      pointer: '',
      range: [0, row.length],
    },
  ],
});
