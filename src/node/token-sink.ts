import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Field, Int8, Int32, List, makeData, RecordBatch, RecordBatchStreamWriter, Schema, Struct } from 'apache-arrow';

/** A row as a trainer reads it; the three lists are equally long. */
export interface TrainRow {
  readonly input_ids: Int32Array;
  /** -100 where masked. */
  readonly labels: Int32Array;
  readonly assistant_masks: Uint8Array;
  /** From 1. */
  readonly source_line: number;
}

export interface TokenSink {
  write(rows: readonly TrainRow[]): Promise<void>;
  close(): Promise<void>;
}

export function jsonlSink(path: string): TokenSink {
  const out = createWriteStream(path);
  return {
    async write(rows) {
      for (const row of rows) {
        const line = JSON.stringify({
          input_ids: [...row.input_ids],
          labels: [...row.labels],
          assistant_masks: [...row.assistant_masks],
          source_line: row.source_line,
        });
        if (!out.write(`${line}\n`)) await once(out, 'drain');
      }
    },
    async close() {
      out.end();
      await finished(out);
    },
  };
}

const listOf = (type: Int32 | Int8): List<Int32 | Int8> => new List(new Field('item', type, false));
const SCHEMA = new Schema([
  new Field('input_ids', listOf(new Int32()), false),
  new Field('labels', listOf(new Int32()), false),
  new Field('assistant_masks', listOf(new Int8()), false),
  new Field('source_line', new Int32(), false),
]);

/** Arrow IPC in the stream format, which `datasets.Dataset.from_file` maps into memory (it refuses the file format). */
export function arrowSink(path: string): TokenSink {
  const out = createWriteStream(path);
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, SCHEMA);
  const pump = (async () => {
    for await (const bytes of writer) if (!out.write(bytes)) await once(out, 'drain');
    out.end();
    await finished(out);
  })();
  return {
    async write(rows) {
      if (rows.length === 0) return;
      const children = [
        listData(new Int32(), rows, (row) => row.input_ids),
        listData(new Int32(), rows, (row) => row.labels),
        listData(new Int8(), rows, (row) => row.assistant_masks),
        makeData({
          type: new Int32(),
          length: rows.length,
          nullCount: 0,
          data: Int32Array.from(rows, (row) => row.source_line),
        }),
      ];
      const struct = new Struct(SCHEMA.fields);
      writer.write(new RecordBatch(SCHEMA, makeData({ type: struct, length: rows.length, nullCount: 0, children })));
    },
    async close() {
      writer.close();
      await pump;
    },
  };
}

function listData(type: Int32 | Int8, rows: readonly TrainRow[], get: (row: TrainRow) => Int32Array | Uint8Array) {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => {
    offsets[i + 1] = (offsets[i] ?? 0) + get(row).length;
  });
  const total = offsets[rows.length] ?? 0;
  const values = type instanceof Int8 ? new Int8Array(total) : new Int32Array(total);
  rows.forEach((row, i) => {
    values.set(get(row), offsets[i]);
  });
  const child = makeData({ type, length: total, nullCount: 0, data: values } as never);
  return makeData({ type: listOf(type), length: rows.length, nullCount: 0, valueOffsets: offsets, child } as never);
}
