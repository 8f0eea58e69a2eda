import type { Settings } from './config.ts';
import type { FormatName } from './formats/format.ts';
import { detectFormat } from './formats/registry.ts';
import { parseRow } from './jsonl/parse.ts';
import { isObject } from './jsonl/value.ts';

/** Rows that are looked at to tell a file's format: enough to outvote a few broken ones. */
export const DETECTION_SAMPLE = 50;

/** The format of a file from its first rows' texts; broken rows have no vote. */
export function detectFile(rows: readonly string[], settings: Settings): FormatName {
  if (settings.format !== 'auto') return settings.format;
  const objects = rows
    .slice(0, DETECTION_SAMPLE)
    .map((text) => parseRow(text).value)
    .filter((value) => isObject(value));
  return detectFormat(objects);
}
