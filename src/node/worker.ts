import { parentPort, workerData } from 'node:worker_threads';
import { analyzeRow, summaryOf, tokenizeRow } from '../core/analysis.ts';
import { Channel } from '../core/channel.ts';
import { detailOf } from '../core/detail.ts';
import { detectFile } from '../core/detect.ts';
import { Engines } from './engines.ts';
import type { WorkerData, WorkerRequests } from './worker-protocol.ts';

// A worker thread: owns the loaded tokenizers and compiled templates, answers one request at a time. The service may end
// it at any moment (a template or a regex that does not stop), so it keeps nothing that cannot be made again.
const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread.');
const engines = new Engines((workerData as WorkerData).assets);

const channel = new Channel<Record<never, never>, never, WorkerRequests, never>(
  (message) => port.postMessage(message),
  {
    detect: ({ rows, settings }) => detectFile(rows, settings),
    summarize: async ({ rows, settings, fileFormat }) => {
      const { engine } = await engines.get(settings);
      return rows.map((row) => summaryOf(analyzeRow(row, engine, fileFormat), settings.maxLength));
    },
    tokenize: async ({ rows, settings, fileFormat }) => {
      const { engine } = await engines.get(settings);
      return rows.map((row) => tokenizeRow(row, engine, fileFormat));
    },
    detail: async ({ row, settings, fileFormat }) => {
      const { engine } = await engines.get(settings);
      return detailOf(analyzeRow(row, engine, fileFormat, { exactTurns: true }), engine);
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
