import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import {
  AsyncByteQueue,
  Bool,
  type DataType,
  Field,
  Int8,
  Int32,
  List,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
} from 'apache-arrow';

/** What a column holds: lists of ids, lists of 0 and 1, whole numbers, truth values. */
export type ColumnKind = 'ids' | 'bits' | 'number' | 'flag';
type Value<K extends ColumnKind> = K extends 'ids'
  ? Int32Array
  : K extends 'bits'
    ? Uint8Array
    : K extends 'number'
      ? number
      : boolean;
export type Columns = Readonly<Record<string, ColumnKind>>;
export type RowOf<C extends Columns> = { readonly [K in keyof C]: Value<C[K]> };

export interface WrittenFile {
  /** SHA-256 in hex. */
  readonly sha256: string;
}

/** Rows into a file that appears under its name when it is whole. */
export interface RowSink<R> {
  write(rows: readonly R[]): Promise<void>;
  /** Ends the file; then it is there under its name. */
  close(): Promise<WrittenFile>;
  /** Removes what was written. */
  abandon(): Promise<void>;
}

/** Bytes into `PATH.part`, which `close` renames to PATH. */
async function partFile(path: string) {
  const part = `${path}.part`;
  const handle: FileHandle = await open(part, 'w');
  const hash = createHash('sha256');
  return {
    async write(bytes: Uint8Array): Promise<void> {
      hash.update(bytes);
      await handle.writeFile(bytes);
    },
    async close(): Promise<WrittenFile> {
      await handle.close();
      await rename(part, path);
      return { sha256: hash.digest('hex') };
    },
    async abandon(): Promise<void> {
      await handle.close().catch(() => {});
      await rm(part, { force: true });
    },
  };
}

export async function jsonlSink<C extends Columns>(path: string, columns: C): Promise<RowSink<RowOf<C>>> {
  const file = await partFile(path);
  const names = Object.keys(columns);
  const plain = (value: Value<ColumnKind> | undefined) => (ArrayBuffer.isView(value) ? [...value] : value);
  return {
    ...file,
    async write(rows) {
      const lines = rows.map((row) =>
        JSON.stringify(Object.fromEntries(names.map((name) => [name, plain(row[name])]))),
      );
      if (lines.length > 0) await file.write(Buffer.from(`${lines.join('\n')}\n`));
    },
  };
}

const TYPES: Readonly<Record<ColumnKind, () => DataType>> = {
  ids: () => new List(new Field('item', new Int32(), false)),
  bits: () => new List(new Field('item', new Int8(), false)),
  number: () => new Int32(),
  flag: () => new Bool(),
};

/**
 * Arrow IPC in the stream format, which `datasets.Dataset.from_file` maps into memory (it refuses the file format). Each
 * `write` is a record batch, which must hold fewer than 2^31 tokens.
 */
export async function arrowSink<C extends Columns>(path: string, columns: C): Promise<RowSink<RowOf<C>>> {
  const file = await partFile(path);
  const schema = new Schema(Object.entries(columns).map(([name, kind]) => new Field(name, TYPES[kind](), false)));
  const struct = new Struct(schema.fields);
  const bytes = new Collected();
  const writer = new RecordBatchStreamWriter();
  writer.reset(bytes, schema);
  const flush = async (): Promise<void> => {
    for (const chunk of bytes.take()) await file.write(chunk);
  };
  return {
    ...file,
    async write(rows) {
      if (rows.length === 0) return;
      const children = Object.entries(columns).map(([name, kind]) =>
        columnOf(
          kind,
          rows.map((row) => row[name] as Value<ColumnKind>),
        ),
      );
      writer.write(new RecordBatch(schema, makeData({ type: struct, length: rows.length, nullCount: 0, children })));
      await flush();
    },
    async close() {
      writer.close();
      await flush();
      return file.close();
    },
  };
}

/** Takes the writer's bytes as they come, so that a slow disk holds up the rows and not the memory. */
class Collected extends AsyncByteQueue {
  #chunks: Uint8Array[] = [];

  override write(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
  }

  take(): Uint8Array[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }
}

function columnOf(kind: ColumnKind, values: readonly Value<ColumnKind>[]) {
  const length = values.length;
  switch (kind) {
    case 'number':
      return makeData({ type: new Int32(), length, nullCount: 0, data: Int32Array.from(values as number[]) });
    case 'flag': {
      const bits = new Uint8Array(Math.ceil(length / 8));
      values.forEach((flag, i) => {
        if (flag === true) bits[i >> 3]! |= 1 << (i & 7);
      });
      return makeData({ type: new Bool(), length, nullCount: 0, data: bits });
    }
    case 'ids':
    case 'bits':
      return listColumn(kind, values as (Int32Array | Uint8Array)[]);
  }
}

function listColumn(kind: 'ids' | 'bits', lists: readonly (Int32Array | Uint8Array)[]) {
  const offsets = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => {
    offsets[i + 1] = offsets[i]! + list.length;
  });
  const total = offsets[lists.length]!;
  const values = kind === 'ids' ? new Int32Array(total) : new Int8Array(total);
  lists.forEach((list, i) => {
    values.set(list, offsets[i]);
  });
  const child = makeData({
    type: kind === 'ids' ? new Int32() : new Int8(),
    length: total,
    nullCount: 0,
    data: values,
  } as never);
  return makeData({ type: TYPES[kind](), length: lists.length, nullCount: 0, valueOffsets: offsets, child } as never);
}
