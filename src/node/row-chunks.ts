import type { Settings } from '../core/config.ts';
import { DETECTION_SAMPLE } from '../core/detect.ts';
import type { FormatName } from '../core/formats/format.ts';
import type { LensService } from '../core/service-types.ts';
import { type FileRow, readRows } from './row-reader.ts';

/** Rows that travel through the pipeline together: enough to keep the workers busy, few enough for a small memory. */
const CHUNK_ROWS = 2000;
const CHUNK_UNITS = 8_000_000;
const IN_FLIGHT = 3;

/** A row and where it stands. */
export interface TextRow {
  readonly text: string;
  /** Line of the row's first character, from 1. */
  readonly line: number;
}

export interface OpenFile<R extends TextRow = FileRow> {
  readonly format: FormatName;
  readonly rows: AsyncIterable<readonly R[]>;
}

/** Opens a file, finds its format, and gives its rows in chunks. Rejects with the file system's error. */
export const openRows = (path: string, settings: Settings, service: LensService): Promise<OpenFile> =>
  openRowsOf(readRows(path), settings, service);

/** The same with rows that are at hand. */
export async function openRowsOf<R extends TextRow>(
  source: Iterable<R> | AsyncIterable<R>,
  settings: Settings,
  service: LensService,
): Promise<OpenFile<R>> {
  const chunks = chunked(source);
  const first = await chunks.next();
  const rows = first.done ? [] : first.value;
  const format = await service.detect(
    rows.slice(0, DETECTION_SAMPLE).map((row) => row.text),
    settings,
  );
  return {
    format,
    rows: (async function* () {
      if (rows.length > 0) yield rows;
      yield* chunks;
    })(),
  };
}

async function* chunked<R extends TextRow>(source: Iterable<R> | AsyncIterable<R>): AsyncGenerator<readonly R[]> {
  let chunk: R[] = [];
  let units = 0;
  for await (const row of source) {
    chunk.push(row);
    units += row.text.length;
    if (chunk.length < CHUNK_ROWS && units < CHUNK_UNITS) continue;
    yield chunk;
    chunk = [];
    units = 0;
  }
  if (chunk.length > 0) yield chunk;
}

/** Maps chunks with several on their way at once, in order. */
export async function* mapInOrder<A, B>(
  items: AsyncIterable<A>,
  map: (item: A) => Promise<B>,
): AsyncGenerator<readonly [A, B]> {
  const queue: { item: A; result: Promise<B> }[] = [];
  for await (const item of items) {
    const result = map(item);
    // Whoever stops halfway never asks how the others ended.
    result.catch(() => {});
    queue.push({ item, result });
    if (queue.length < IN_FLIGHT) continue;
    const head = queue.shift();
    if (head) yield [head.item, await head.result];
  }
  for (const head of queue) yield [head.item, await head.result];
}
