import type { Settings } from '../config.ts';
import { alpaca } from './alpaca.ts';
import { columnsFormat } from './columns.ts';
import { dolly } from './dolly.ts';
import { flan } from './flan.ts';
import type { FormatName, RowFormat } from './format.ts';
import { kto } from './kto.ts';
import type { RowObject } from './lib/chat.ts';
import { messages } from './messages.ts';
import { oasst } from './oasst.ts';
import { preference } from './preference.ts';
import { promptCompletion } from './prompt-completion.ts';
import { sharegpt } from './sharegpt.ts';
import { text } from './text.ts';
import { tokenized } from './tokenized.ts';
import { unknown } from './unknown.ts';

/** Every format that rows are tested for. Where two are equally sure, the first wins. */
export const FORMATS: readonly RowFormat[] = [
  messages,
  sharegpt,
  alpaca,
  dolly,
  flan,
  preference,
  kto,
  promptCompletion,
  oasst,
  tokenized,
  text,
];

/** Sums below this share of the rows are a chance likeness. */
const LEAST_SHARE = 0.2;

/** The format of one row, by itself. */
export function formatOfRow(row: RowObject): RowFormat {
  let best = unknown;
  let sureness = 0;
  for (const format of FORMATS) {
    const here = format.detect(row);
    if (here > sureness) {
      sureness = here;
      best = format;
    }
  }
  return best;
}

/** The format of a file: the one that a sample of its rows is surest of, all together. */
export function detectFormat(rows: readonly RowObject[]): FormatName {
  let best = unknown;
  let sureness = rows.length * LEAST_SHARE;
  for (const format of FORMATS) {
    const here = rows.reduce((sum, row) => sum + format.detect(row), 0);
    if (here > sureness) {
      sureness = here;
      best = format;
    }
  }
  return best.name;
}

export function formatByName(name: FormatName, settings: Pick<Settings, 'columns'>): RowFormat {
  if (name === 'columns') return columnsFormat(settings.columns, formatOfRow);
  return FORMATS.find((format) => format.name === name) ?? unknown;
}

/**
 * How a row is read: as the settings say; else as its file, where it can be; else as what it is. A row that is like no
 * format is read as its file, so that the file's schema can say what is missing. Null: nothing is known of it.
 */
export function formatFor(
  row: RowObject,
  fileFormat: FormatName,
  settings: Pick<Settings, 'format' | 'columns'>,
): RowFormat | null {
  const file = formatByName(settings.format === 'auto' ? fileFormat : settings.format, settings);
  if (settings.format !== 'auto' || file.detect(row) > 0) return known(file);
  return known(formatOfRow(row)) ?? known(file);
}

const known = (format: RowFormat): RowFormat | null => (format === unknown ? null : format);
