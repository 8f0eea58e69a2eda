import { describe, expect, it } from 'vitest';
import type { FileShape } from './row-slices.ts';
import { shapeOf, sliceRows } from './slices.ts';

function rows(
  text: string,
  shape?: FileShape,
): { shape: FileShape; rows: string[]; lines: number[]; problems: string[] } {
  const slices = sliceRows(text, shape);
  return {
    shape: slices.shape,
    rows: [...slices.starts].map((start, i) => text.slice(start, slices.ends[i])),
    lines: [...slices.lines],
    problems: slices.problems.map(({ message }) => message),
  };
}

describe('lines', () => {
  it('leaves out BOM, CR, blank lines and the last line break', () => {
    expect(rows('\ufeff{"a":1}\r\n\r\n  \t\n{"b":2}\n{"c":3}')).toEqual({
      shape: 'lines',
      rows: ['{"a":1}', '{"b":2}', '{"c":3}'],
      lines: [0, 3, 4],
      problems: [],
    });
    expect(rows('{"a":1}\n').rows).toEqual(['{"a":1}']);
    expect(rows('').rows).toEqual([]);
    expect(rows('\n\n').rows).toEqual([]);
  });

  it('ends a row at LF only', () => {
    expect(rows('{"a":"\u2028\u2029\u0085\v\f"}\n{"b":"x\ry"}').rows).toEqual([
      '{"a":"\u2028\u2029\u0085\v\f"}',
      '{"b":"x\ry"}',
    ]);
  });

  it('keeps broken rows apart', () => {
    expect(rows('{"a": [1, 2\n{"b":2}\n}').rows).toEqual(['{"a": [1, 2', '{"b":2}', '}']);
  });
});

describe('shape', () => {
  it.each([
    ['[{"a":1}]', 'array'],
    ['\ufeff \n[\n  {"a":1}', 'array'],
    ['[]', 'array'],
    ['[1, 2]\n[3]', 'lines'],
    ['[]\n{"a":1}', 'lines'],
    ['{"a":1}\n{"b":2}', 'lines'],
    ['{\n  "a": 1\n}', 'array'],
    ['{"a": {\n}}', 'array'],
    ['{"a": 1\n{"b":2}', 'lines'],
    ['{"a": 1, x\n"b": 2}', 'lines'],
    ['', 'lines'],
  ])('%j is %s', (text, shape) => {
    expect(shapeOf(text)).toBe(shape);
  });
});

describe('array', () => {
  it('finds elements over any lines', () => {
    expect(rows('[\n  {"a": 1},\n  {\n    "b": "}],[{"\n  }, {"c": [1, 2]}\n]\n')).toEqual({
      shape: 'array',
      rows: ['{"a": 1}', '{\n    "b": "}],[{"\n  }', '{"c": [1, 2]}'],
      lines: [1, 2, 4],
      problems: [],
    });
    expect(rows('[{"a":1},{"b":2}]').rows).toEqual(['{"a":1}', '{"b":2}']);
  });

  it('finds elements that are no objects', () => {
    expect(rows('[{"a":1}, 2, "x, y", [3, 4], null]').rows).toEqual(['{"a":1}', '2', '"x, y"', '[3, 4]', 'null']);
  });

  it('takes objects over several lines without a list', () => {
    expect(rows('{\n  "a": 1\n}\n{\n  "b": 2\n}\n')).toMatchObject({
      rows: ['{\n  "a": 1\n}', '{\n  "b": 2\n}'],
      lines: [0, 3],
      problems: [],
    });
  });

  it.each([
    ['[{"a":1}', ['{"a":1}'], 'The list of rows has no closing `]`. Add it at the end, line 1, column 9.'],
    ['[{"a":1},]', ['{"a":1}'], 'A comma stands before `]`, line 1, column 9. Remove it.'],
    [
      '[{"a":1}\n {"b":2}]',
      ['{"a":1}', '{"b":2}'],
      'A comma is missing before this row, line 2, column 2. Insert one.',
    ],
    ['[{"a":1},,{"b":2}]', ['{"a":1}', '{"b":2}'], 'A row is missing before `,`, line 1, column 10. Remove the comma.'],
    ['[{"a":1}]\nx', ['{"a":1}'], 'Text follows the closing `]`, line 2, column 1. Remove it.'],
    ['[{"a":1}}]', ['{"a":1}'], '`}` closes nothing, line 1, column 9. Remove it.'],
  ])('%j has a problem', (text, wanted, problem) => {
    const found = rows(text);
    expect(found.rows).toEqual(wanted);
    expect(found.problems).toContain(problem);
  });

  it('keeps a broken row from taking the rest', () => {
    expect(rows('[\n  {"a": "x},\n  {"b": 2}\n]').rows).toEqual(['{"a": "x}', '{"b": 2}']);
    expect(rows('[{"a": [1, 2}, {"b": 2}]').rows).toEqual(['{"a": [1, 2}', '{"b": 2}']);
    expect(rows('[\n  {"a": 1,\n  {"b": 2},\n  {"c": 3}\n]').rows).toEqual(['{"a": 1', '{"b": 2}', '{"c": 3}']);
  });
});
