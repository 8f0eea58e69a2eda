import { describe, expect, test } from 'vitest';
import { ArrayRows } from './array-rows.ts';
import { FakeDocument } from './testing.ts';

const texts = (rows: ArrayRows): string[] => Array.from({ length: rows.count }, (_, row) => rows.text(row));

describe('array rows', () => {
  test('elements are rows, over several lines', () => {
    const document = new FakeDocument('[\n  {"a": 1},\n  {\n    "b": 2\n  }\n]');
    const rows = new ArrayRows(document);
    expect(texts(rows)).toEqual(['{"a": 1}', '{\n    "b": 2\n  }']);
    expect(rows.lineOf(1)).toBe(2);
    expect(rows.span(1, [0, 1])).toEqual({ start: { line: 2, character: 2 }, end: { line: 2, character: 3 } });
    expect(rows.at({ line: 3, character: 4 })).toEqual({ row: 1, offset: 6 });
    expect(rows.at({ line: 0, character: 0 })).toBeNull();
  });

  test('an edit inside one element leaves the others', () => {
    const document = new FakeDocument('[{"a":1},{"b":2},{"c":3}]');
    const rows = new ArrayRows(document);
    expect(rows.edit(document.edit([[14, 15, '22']]))).toEqual([{ from: 1, removed: 1, added: 1 }]);
    expect(texts(rows)).toEqual(['{"a":1}', '{"b":22}', '{"c":3}']);
  });

  test('several events at once', () => {
    const document = new FakeDocument('[{"a":1},{"b":2},{"c":3},{"d":4}]');
    const rows = new ArrayRows(document);
    const changes = [...document.edit([[14, 15, '22']]), ...document.edit([[23, 24, '33']])];
    expect(rows.edit(changes)).toEqual([{ from: 1, removed: 2, added: 2 }]);
    expect(texts(rows)).toEqual(['{"a":1}', '{"b":22}', '{"c":33}', '{"d":4}']);
  });

  test('an element added and one removed', () => {
    const document = new FakeDocument('[{"a":1},{"b":2}]');
    const rows = new ArrayRows(document);
    expect(rows.edit(document.edit([[8, 8, ',{"x":9}']]))).toEqual([{ from: 1, removed: 0, added: 1 }]);
    const [splice] = rows.edit(document.edit([[8, 16, '']]));
    expect((splice?.removed ?? 0) - (splice?.added ?? 0)).toBe(1);
    expect(texts(rows)).toEqual(['{"a":1}', '{"b":2}']);
  });
});
