import type { Settings } from '../core/config.ts';
import { DETECTION_SAMPLE } from '../core/detect.ts';
import type { FormatName } from '../core/formats/format.ts';
import type { LensService } from '../core/service-types.ts';
import { type FileRow, readRows } from './row-reader.ts';

/** Rows that travel through the pipeline together: enough to keep the workers busy, few enough for a small memory. */
const CHUNK_ROWS = 2000;
const CHUNK_UNITS = 8_000_000;
const IN_FLIGHT = 3;

export interface OpenFile {
  readonly format: FormatName;
  readonly rows: AsyncIterable<readonly FileRow[]>;
}

/** Opens a file, finds its format, and gives its rows in chunks. Rejects with the file system's error. */
export async function openRows(path: string, settings: Settings, service: LensService): Promise<OpenFile> {
  const chunks = chunked(path);
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

async function* chunked(path: string): AsyncGenerator<readonly FileRow[]> {
  let chunk: FileRow[] = [];
  let units = 0;
  for await (const row of readRows(path)) {
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
    queue.push({ item, result: map(item) });
    if (queue.length < IN_FLIGHT) continue;
    const head = queue.shift();
    if (head) yield [head.item, await head.result];
  }
  for (const head of queue) yield [head.item, await head.result];
}
