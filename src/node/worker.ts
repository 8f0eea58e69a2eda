import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { analyzeRow, analyzeRows, summaryOf, tokenizeRow } from '../core/analysis.ts';
import { answersOf } from '../core/answers.ts';
import { Channel } from '../core/channel.ts';
import { compareMasks } from '../core/compare.ts';
import { detailOf } from '../core/detail.ts';
import { detectFile } from '../core/detect.ts';
import { decodeTokens } from '../core/tokenizer/decode.ts';
import { Engines } from './engines.ts';
import type { WorkerData, WorkerRequests } from './worker-protocol.ts';

// A worker thread: owns the loaded tokenizers and compiled templates, answers one request at a time. The service may end
// it at any moment (a template or a regex that does not stop), so it keeps nothing that cannot be made again.
const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread.');
const engines = new Engines((workerData as WorkerData).assets);

/** Milliseconds after which a batch is answered as far as it got: a row that someone looks at must not wait for slow ones. */
const TURN = 200;

/** Rows that are analyzed together, and their UTF-16 units. */
const TOGETHER = { rows: 32, units: 16_000 };

/** The results of the first rows, at least one: as many as fit into one turn. `work` may leave off once `isOver`. */
function inOneTurn<T>(rows: readonly string[], work: (rows: readonly string[], isOver: () => boolean) => T[]): T[] {
  const end = performance.now() + TURN;
  const isOver = () => performance.now() > end;
  const results: T[] = [];
  do results.push(...work(together(rows, results.length), isOver));
  while (results.length < rows.length && !isOver());
  return results;
}

function together(rows: readonly string[], from: number): readonly string[] {
  let to = from;
  let units = 0;
  do units += rows[to++]?.length ?? 0;
  while (to < rows.length && to - from < TOGETHER.rows && units < TOGETHER.units);
  return rows.slice(from, to);
}

/** Work on rows one by one. */
const each =
  <T>(work: (row: string) => T) =>
  (rows: readonly string[], isOver: () => boolean): T[] => {
    const results: T[] = [];
    for (const row of rows) {
      results.push(work(row));
      if (isOver()) break;
    }
    return results;
  };

const channel = new Channel<Record<never, never>, never, WorkerRequests, never>(
  (message) => port.postMessage(message),
  {
    detect: ({ rows, settings }) => detectFile(rows, settings),
    summarize: async ({ rows, settings, fileFormat }) => {
      const { engine } = await engines.get(settings);
      return inOneTurn(rows, (some, isOver) =>
        analyzeRows(some, engine, fileFormat, {}, isOver).map((analysis) => summaryOf(analysis, settings.maxLength)),
      );
    },
    tokenize: async ({ rows, settings, fileFormat }) => {
      const { engine } = await engines.get(settings);
      return inOneTurn(
        rows,
        each((row) => tokenizeRow(row, engine, fileFormat)),
      );
    },
    compare: async ({ rows, settings, fileFormat, sides: [a, b] }) => {
      const [one, other] = await Promise.all([a, b].map(({ mask }) => engines.get({ ...settings, mask })));
      const pair = [one!.engine, other!.engine] as const;
      return inOneTurn(
        rows,
        each((row) => compareMasks(row, pair, [a.intended, b.intended], fileFormat)),
      );
    },
    answers: async ({ rows, settings, fileFormat, kind }) => {
      const { engine } = await engines.get(settings);
      return inOneTurn(
        rows,
        each((row) => answersOf(row, engine, fileFormat, kind)),
      );
    },
    decode: async ({ ids, settings }) => {
      const { engine } = await engines.get(settings);
      return ids.map((list) => decodeTokens(engine.bundle.tokenizer, list));
    },
    vocabulary: async ({ settings }) => {
      const { tokenizer } = (await engines.get(settings)).engine.bundle;
      const source = (await engines.get(settings)).templateSource;
      return {
        size: tokenizer.addedTokens.reduce((size, { id }) => Math.max(size, id + 1), tokenizer.vocabSize),
        added: Int32Array.from(tokenizer.addedTokens, ({ id }) => id),
        chatTemplateSha256: source === null ? null : createHash('sha256').update(source).digest('hex'),
      };
    },
    detail: async ({ row, settings, fileFormat }) => {
      const { engine } = await engines.get(settings);
      return detailOf(analyzeRow(row, engine, fileFormat, { exactTurns: true }), engine);
    },
    prepare: async ({ settings }) => {
      await engines.get(settings);
      return engines.prepared;
    },
    resolve: async ({ settings }) => (await engines.get(settings)).resolved,
    reload: () => {
      engines.clear();
      return null;
    },
  },
  () => {},
);
port.on('message', (message: unknown) => void channel.receive(message));
