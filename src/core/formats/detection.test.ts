import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseRow } from '../jsonl/parse.ts';
import { sliceRows } from '../jsonl/slices.ts';
import { isObject, type Value } from '../jsonl/value.ts';
import { schemaFindings } from '../schema/findings.ts';
import { toPlain } from '../schema/plain.ts';
import type { FormatName } from './format.ts';
import { detectFormat, formatFor } from './registry.ts';
import { REAL_FILES } from './testing/real-files.ts';

const DATA = process.env['SFT_LENS_DATA'] ?? join(import.meta.dirname, '../../../../shared/data');

interface DataFile {
  readonly rows: readonly ReadonlyMap<string, Value>[];
  readonly broken: number;
  readonly format: FormatName;
}

const loaded = new Map<string, DataFile>();

function load(file: string): DataFile {
  let data = loaded.get(file);
  if (data === undefined) loaded.set(file, (data = read(file)));
  return data;
}

function read(file: string): DataFile {
  const bytes = readFileSync(join(DATA, file));
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const { starts, ends } = sliceRows(text);
  const values = [...starts].map((start, i) => parseRow(text.slice(start, ends[i])).value);
  const rows = values.filter((value) => isObject(value));
  return { rows, broken: values.length - rows.length, format: detectFormat(rows.slice(0, 50)) };
}

describe.skipIf(!existsSync(DATA))(
  `real files (${existsSync(DATA) ? 'found' : 'skipped: SFT_LENS_DATA names no folder'})`,
  () => {
    it('are all in the table', () => {
      const found = readdirSync(DATA, { recursive: true })
        .map((name) => String(name).replaceAll('\\', '/'))
        .filter((name) => /^(?:datasets|broken)\/.*\.(?:jsonl?|gz)$/.test(name));
      expect(found.sort()).toEqual(Object.keys(REAL_FILES).sort());
    });

    it.each(Object.entries(REAL_FILES))('%s', (file, [rows, broken, format]) => {
      const data = load(file);
      expect([data.rows.length + data.broken, data.broken, data.format]).toEqual([rows, broken, format]);
    });

    it('of good data have no schema errors', () => {
      for (const file of Object.keys(REAL_FILES).filter((name) => name.startsWith('datasets/'))) {
        const { rows, format } = load(file);
        for (const row of rows) {
          const own = formatFor(row, format, { format: 'auto', columns: {} });
          if (own !== null) expect(schemaFindings(own, toPlain(row)), file).toEqual([]);
        }
      }
    });
  },
);
