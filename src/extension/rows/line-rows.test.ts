import { describe, expect, test } from 'vitest';
import { LineRows } from './line-rows.ts';
import { FakeDocument } from './testing.ts';

/** Applies an edit and says which row texts are new, the others carried over by the splices. */
function check(
  document: FakeDocument,
  rows: LineRows,
  edits: readonly (readonly [number, number, string])[],
): string[] {
  let kept: (string | null)[] = Array.from({ length: rows.count }, (_, row) => rows.text(row));
  for (const { from, removed, added } of rows.edit(document.edit(edits))) {
    kept = [...kept.slice(0, from), ...new Array<null>(added).fill(null), ...kept.slice(from + removed)];
  }
  const fresh = new LineRows(document);
  expect(rows.count).toBe(fresh.count);
  expect(kept.length).toBe(fresh.count);
  const changed: string[] = [];
  for (let row = 0; row < fresh.count; row++) {
    expect(rows.lineOf(row)).toBe(fresh.lineOf(row));
    const text = kept[row];
    if (text === null || text === undefined) changed.push(fresh.text(row));
    else expect(text).toBe(fresh.text(row));
  }
  return changed;
}

describe('line rows', () => {
  test('blank lines are no rows, and a place on one is in none', () => {
    const rows = new LineRows(new FakeDocument('{"a":1}\n\n  \n{"b":2}\n'));
    expect(rows.count).toBe(2);
    expect(rows.lineOf(1)).toBe(3);
    expect(rows.at({ line: 3, character: 4 })).toEqual({ row: 1, offset: 4 });
    expect(rows.at({ line: 1, character: 0 })).toBeNull();
    expect(rows.rowFrom(1)).toBe(1);
    expect(rows.rowFrom(9)).toBe(2);
  });

  test('a key stroke changes one row', () => {
    const document = new FakeDocument('one\ntwo\nthree');
    expect(check(document, new LineRows(document), [[4, 5, 'T']])).toEqual(['Two']);
  });

  test('a pasted line moves the rows below', () => {
    const document = new FakeDocument('one\ntwo\nthree');
    expect(check(document, new LineRows(document), [[4, 4, 'new\n\n']])).toEqual(['new', 'two']);
  });

  test('joining two rows is one changed row', () => {
    const document = new FakeDocument('one\ntwo\nthree\nfour');
    expect(check(document, new LineRows(document), [[3, 4, '']])).toEqual(['onetwo']);
  });

  test('several cursors, one of them adding a line', () => {
    const document = new FakeDocument('one\ntwo\nthree\nfour');
    const changed = check(document, new LineRows(document), [
      [0, 1, 'O'],
      [7, 7, '\nmore'],
      [14, 15, 'F'],
    ]);
    expect(changed).toEqual(['One', 'two', 'more', 'Four']);
  });

  test('two edits on one line', () => {
    const document = new FakeDocument('one\ntwo\nthree');
    const edits = [
      [4, 5, 'T'],
      [6, 7, 'O\nx'],
    ] as const;
    expect(check(document, new LineRows(document), edits)).toEqual(['TwO', 'x']);
  });

  test('everything removed and put back', () => {
    const document = new FakeDocument('one\ntwo');
    const rows = new LineRows(document);
    check(document, rows, [[0, 7, '']]);
    expect(rows.count).toBe(0);
    expect(check(document, rows, [[0, 0, 'a\nb\n']])).toEqual(['a', 'b']);
  });

  test('random edits never lose track', () => {
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
    const document = new FakeDocument(Array.from({ length: 30 }, (_, line) => `row ${line}`).join('\n'));
    const rows = new LineRows(document);
    for (let round = 0; round < 150; round++) {
      const length = document.getText().length;
      const edits: [number, number, string][] = [];
      let at = 0;
      for (let count = 0; count <= random(3) && at < length; count++) {
        const start = Math.min(length, at + random(60));
        const end = Math.min(length, start + random(4) * random(12));
        edits.push([start, end, ['x', '\n', 'a\nb', '', '\n\n', 'y\n'][random(6)] ?? '']);
        at = end + 1;
      }
      check(document, rows, edits);
    }
  });
});
