import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { ProgressLocation, TabInputText, Uri, window, workspace } from 'vscode';
import { DETECTION_SAMPLE } from '../core/detect.ts';
import { FileScan } from '../core/file-scan.ts';
import type { DatasetParts } from './dataset-document.ts';
import { Disposables } from './disposables.ts';
import { ProblemList } from './rows/shown-problems.ts';
import { count } from './rows/words.ts';
import { Throttled } from './timing.ts';

/** VS Code hands no document of more than this to extensions (UTF-16 units there; bytes are never fewer). */
const LIMIT = 50 * 1024 * 1024;
/** Milliseconds between a tab's opening and the document that it may still get. */
const WAIT = 500;
const BATCH_ROWS = 1000;
/** UTF-16 units of one batch. */
const BATCH_UNITS = 4_000_000;
const PUBLISH_INTERVAL = 1000;

interface NumberedRow {
  readonly line: number;
  readonly text: string;
}

/**
 * Files too large for a text document: read from disk row by row, their problems published by address. There is no
 * document to follow, so an edit is seen when the file is saved and its tab opened again.
 */
export class BigFiles {
  readonly #parts: DatasetParts;
  readonly #owned = new Disposables();
  readonly #running = new Map<string, AbortController>();
  /** Files that were too big indeed: what they publish is ours to take back. */
  readonly #scanned = new Set<string>();

  constructor(parts: DatasetParts) {
    this.#parts = parts;
    this.#owned.add(window.tabGroups.onDidChangeTabs(() => this.#sync()));
    this.#owned.add(
      parts.projects.onDidChange(() => {
        for (const abort of this.#running.values()) abort.abort();
        this.#running.clear();
        this.#sync();
      }),
    );
    this.#sync();
  }

  dispose(): void {
    for (const abort of this.#running.values()) abort.abort();
    this.#owned.dispose();
  }

  #sync(): void {
    const open = new Map<string, Uri>();
    for (const { input } of window.tabGroups.all.flatMap((group) => group.tabs)) {
      if (input instanceof TabInputText && input.uri.scheme === 'file' && /\.(jsonl|ndjson)$/.test(input.uri.path)) {
        open.set(input.uri.toString(), input.uri);
      }
    }
    for (const [key, abort] of this.#running) {
      if (open.has(key)) continue;
      abort.abort();
      this.#running.delete(key);
      if (this.#scanned.delete(key)) this.#parts.publisher.clear(Uri.parse(key));
    }
    for (const [key, uri] of open) {
      if (this.#running.has(key)) continue;
      const abort = new AbortController();
      this.#running.set(key, abort);
      void this.#check(uri, abort.signal).catch((error: unknown) => {
        if (!abort.signal.aborted) this.#parts.log.error(`${uri.toString(true)}: ${String(error)}`);
      });
    }
  }

  async #check(uri: Uri, signal: AbortSignal): Promise<void> {
    if ((await stat(uri.fsPath)).size <= LIMIT) return;
    await new Promise((resolve) => setTimeout(resolve, WAIT));
    const isDocument = workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
    if (isDocument || signal.aborted) return;
    this.#scanned.add(uri.toString());
    const title = `SFT Lens: ${uri.path.slice(uri.path.lastIndexOf('/') + 1)}`;
    await window.withProgress({ location: ProgressLocation.Window, title }, (progress) =>
      this.#scan(uri, signal, (rows) => progress.report({ message: `checked ${count(rows)} rows` })),
    );
  }

  async #scan(uri: Uri, signal: AbortSignal, progress: (rows: number) => void): Promise<void> {
    const { services, projects, publisher } = this.#parts;
    const { settings } = await projects.of(uri);
    const list = new ProblemList();
    /** Lines of the rows with a listed problem only: memory does not grow with the file. */
    const lines = new Map<number, number>();
    let scan: FileScan | null = null;
    let format: Awaited<ReturnType<ReturnType<typeof services.get>['detect']>> = 'unknown';
    let rows = 0;
    const publish = (): void => {
      const { shown, hidden } = list.choose();
      publisher.publish(uri, {
        shown,
        hidden,
        notices: scan?.notices() ?? [],
        warnings: [],
        fileProblems: [],
        span: ({ row, problem: { range } }) => {
          const line = lines.get(row) ?? 0;
          return { start: { line, character: range[0] }, end: { line, character: range[1] } };
        },
      });
    };
    const publishing = new Throttled(publish, PUBLISH_INTERVAL);
    try {
      for await (const batch of batchesOf(uri.fsPath, signal)) {
        const texts = batch.map(({ text }) => text);
        if (scan === null) {
          format = await services.get().detect(texts.slice(0, DETECTION_SAMPLE), settings);
          scan = new FileScan(format, settings);
        }
        const summaries = await services.get().summarize(texts, settings, format, { signal });
        scan.learn(summaries);
        for (const [index, summary] of summaries.entries()) {
          const row = rows + index;
          for (const problem of scan.problemsOf(row + 1, summary)) {
            if (format === 'unknown' && !problem.code.startsWith('json/')) continue;
            if (list.add(row, problem)) lines.set(row, batch[index]?.line ?? 0);
          }
        }
        rows += batch.length;
        progress(rows);
        publishing.schedule();
      }
      if (!signal.aborted) publishing.now();
    } finally {
      publishing.dispose();
      if (signal.aborted) publisher.clear(uri);
    }
  }
}

/** The rows of a file with their lines, in batches; blank lines are no rows. */
async function* batchesOf(path: string, signal: AbortSignal): AsyncGenerator<readonly NumberedRow[]> {
  const stream = createReadStream(path, { encoding: 'utf8' });
  let batch: NumberedRow[] = [];
  let units = 0;
  let line = 0;
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (signal.aborted) return;
      const row = line === 0 ? text.replace(/^\uFEFF/, '') : text;
      if (row.trim() !== '') {
        batch.push({ line, text: row });
        units += row.length;
      }
      line++;
      if (batch.length < BATCH_ROWS && units < BATCH_UNITS) continue;
      yield batch;
      batch = [];
      units = 0;
    }
    if (batch.length > 0) yield batch;
  } finally {
    stream.destroy();
  }
}
