import { describe, expect, it } from 'vitest';
import type { RowSummary } from './analysis-types.ts';
import { DEFAULT_SETTINGS } from './config.ts';
import { DatasetIndex } from './dataset.ts';

const summary = (hash: string): RowSummary => ({
  format: 'messages',
  problems: [],
  counts: { tokens: 2, trained: 1, truncated: 0, trainedCut: 0 },
  hash,
  length: 10,
});

function indexOf(...hashes: string[]): DatasetIndex {
  const index = new DatasetIndex(hashes.length, 'messages', DEFAULT_SETTINGS);
  hashes.forEach((hash, row) => {
    index.set(row, summary(hash));
  });
  return index;
}
const repeated = (index: DatasetIndex): number[] =>
  Array.from({ length: index.length }, (_, row) => row).filter((row) => index.hasDuplicate(row));

describe('rows that repeat', () => {
  it('are those with a hash of another row', () => {
    const index = indexOf('a', 'b', 'a', '', '');
    expect(repeated(index)).toEqual([0, 2]);
    expect(index.firstDuplicate(2)).toBe(0);
    expect([...index.firsts()]).toEqual([['a', 0]]);
  });

  it('are none any more when the other row goes or changes', () => {
    const index = indexOf('a', 'b', 'a', 'b');
    index.splice(0, 1, 0);
    expect(repeated(index)).toEqual([0, 2]);
    index.set(2, summary('c'));
    expect(repeated(index)).toEqual([]);
    expect(index.totals()).toMatchObject({ rows: 3, checked: 3, tokens: 6, trained: 3 });
  });

  it('come back with an edit that makes them equal again', () => {
    const index = indexOf('a', 'b');
    index.splice(1, 1, 1);
    index.set(1, summary('a'));
    index.set(1, summary('a'));
    expect(repeated(index)).toEqual([0, 1]);
    index.splice(1, 1, 2);
    expect(repeated(index)).toEqual([]);
    expect(index.totals()).toMatchObject({ rows: 3, checked: 1 });
  });
});
