import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyzeRow } from '../analysis.ts';
import { detectFormat } from '../formats/registry.ts';
import { parseRow } from '../jsonl/parse.ts';
import { sliceRows } from '../jsonl/slices.ts';
import { isObject } from '../jsonl/value.ts';
import type { Problem } from './problem.ts';
import { testEngine } from './testing/engine.ts';

const SAMPLES = new URL('../../../samples/', import.meta.url);
const HARMLESS = new Set(['hint', 'information']);

function rowsOf(path: string): string[] {
  const text = readFileSync(new URL(path, SAMPLES), 'utf8');
  const { starts, ends } = sliceRows(text);
  return Array.from(starts, (start, i) => text.slice(start, ends[i]));
}

function analyzed(path: string, settings: Parameters<typeof testEngine>[0]) {
  const rows = rowsOf(path);
  const format = detectFormat(rows.map((row) => parseRow(row).value).filter(isObject));
  const engine = testEngine({ maxLength: 512, ...settings });
  return rows.map((row) => analyzeRow(row, engine, format));
}

const serious = (problems: readonly Problem[]): string[] =>
  problems.filter(({ severity }) => !HARMLESS.has(severity)).map(({ code }) => code);

describe('the sample workspace', () => {
  test('support.jsonl is good: only the first row shows something to think about', () => {
    const rows = analyzed('support.jsonl', {});
    expect(rows.map(({ problems }) => serious(problems))).toEqual([
      ['mask/empty-think-trained'],
      ...rows.slice(1).map(() => []),
    ]);
  });

  test('every row of problems.jsonl shows a problem, but those that only the file shows', () => {
    const rows = analyzed('problems.jsonl', { maxLength: 256 });
    const silent = rows.flatMap(({ problems }, i) =>
      problems.some(({ code }) => code !== 'mask/empty-think-trained') ? [] : [i + 1],
    );
    // Two equal rows and one of another format.
    expect(silent).toEqual([rows.length - 2, rows.length - 1, rows.length]);
  });

  test.each(readdirSync(new URL('formats/', SAMPLES)))('formats/%s is read and good', (name) => {
    const settings =
      name === 'columns.jsonl'
        ? { format: 'columns' as const, columns: { prompt: 'question', completion: 'sql' } }
        : name === 'weights.jsonl'
          ? { mask: 'openai' as const }
          : {};
    for (const { parts, problems } of analyzed(`formats/${name}`, settings)) {
      expect(serious(problems)).toEqual([]);
      expect(parts[0]?.mask?.trained.includes(1)).toBe(true);
    }
  });
});
