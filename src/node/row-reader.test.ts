import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FileRow, readRows } from './row-reader.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sft-lens-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: string | Buffer, name = 'rows.jsonl'): Promise<FileRow[]> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const rows: FileRow[] = [];
  for await (const row of readRows(path)) rows.push(row);
  return rows;
}
const texts = (rows: readonly FileRow[]) => rows.map((row) => row.text);

describe('readRows', () => {
  it('reads lines with BOM, CRLF, blank lines and without a last line break', async () => {
    const rows = await read('\uFEFF{"a":1}\r\n\r\n  \n{"b":2}\n{"c":3}');
    expect(texts(rows)).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
    expect(rows.map(({ row, line }) => [row, line])).toEqual([
      [1, 1],
      [2, 4],
      [3, 5],
    ]);
  });

  it('reads rows that are longer than a chunk of the stream', async () => {
    const long = JSON.stringify({ text: 'ü'.repeat(3_000_000) });
    const rows = await read(`${long}\n{"a":1}\n`);
    expect(rows[0]?.text.length).toBe(long.length);
    expect(rows[1]?.text).toBe('{"a":1}');
  });

  it('reads an array of rows, with the line of each', async () => {
    const rows = await read('[\n  {"a": 1},\n  {\n    "b": 2\n  }\n]\n', 'rows.json');
    expect(texts(rows)).toEqual(['{"a": 1}', '{\n    "b": 2\n  }']);
    expect(rows.map((row) => row.line)).toEqual([2, 3]);
  });

  it('reads one object that is written over several lines', async () => {
    const rows = await read('{\n  "a": 1\n}\n', 'object.json');
    expect(texts(rows)).toEqual(['{\n  "a": 1\n}']);
  });

  it('takes lines that are lists for lines', async () => {
    expect(texts(await read('[1, 2]\n[3]\n'))).toEqual(['[1, 2]', '[3]']);
  });

  it('unpacks .gz', async () => {
    expect(texts(await read(gzipSync('{"a":1}\n{"b":2}\n'), 'rows.jsonl.gz'))).toEqual(['{"a":1}', '{"b":2}']);
  });

  it('names the first byte that is not UTF-8', async () => {
    const rows = await read(Buffer.concat([Buffer.from('{"a":"\uFFFD'), Buffer.from([0xff]), Buffer.from('"}\n')]));
    expect(rows[0]?.problems).toMatchObject([{ code: 'json/encoding', range: [7, 8] }]);
  });

  it('reads nothing from an empty file', async () => {
    expect(await read('')).toEqual([]);
    expect(await read('\n\n')).toEqual([]);
  });

  it('rejects for a file that is not there', async () => {
    await expect(readRows(join(folder, 'missing.jsonl')).next()).rejects.toThrow('ENOENT');
  });
});
