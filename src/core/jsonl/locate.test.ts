import { describe, expect, it } from 'vitest';
import { parseRow } from './parse.ts';

const text = String.raw`  {"a/b": {"c~d": [1, "x\ny\u00e9z", {"e": true}]}, "k\"": "v", "n": 12, "n": 34}`;
const row = parseRow(text);
const at = (found: readonly [number, number] | null): string | null => (found === null ? null : text.slice(...found));

describe('locate', () => {
  it('finds values and keys', () => {
    expect(row.error).toBeNull();
    expect(at(row.locate(''))).toBe(text.trim());
    expect(at(row.locate('/a~1b/c~0d/0'))).toBe('1');
    expect(at(row.locate('/a~1b/c~0d/1'))).toBe(String.raw`"x\ny\u00e9z"`);
    expect(at(row.locate('/a~1b/c~0d/2/e'))).toBe('true');
    expect(at(row.locate('/a~1b/c~0d', 'key'))).toBe('"c~d"');
    expect(at(row.locate('/k"'))).toBe('"v"');
    expect(at(row.locate('/k"', 'key'))).toBe(String.raw`"k\""`);
  });

  it('takes the last of duplicate keys', () => {
    expect(at(row.locate('/n'))).toBe('34');
  });

  it.each(['/x', '/a~1b/c~0d/3', '/a~1b/c~0d/-1', '/a~1b/c~0d/01', '/k"/x', 'a', '/'])(
    'does not find %j',
    (pointer) => {
      expect(row.locate(pointer)).toBeNull();
    },
  );

  it('has no key for the row and for items of lists', () => {
    expect(row.locate('', 'key')).toBeNull();
    expect(row.locate('/a~1b/c~0d/0', 'key')).toBeNull();
  });

  it('finds what stands before a bad place', () => {
    const cut = parseRow('{"a": {"b": "x"}, "c": "y');
    expect(cut.error).not.toBeNull();
    expect(cut.locate('/a/b')).toEqual([12, 15]);
    expect(cut.locate('/c')).toEqual([23, 25]);
    expect(cut.at(14)).toEqual({ pointer: '/a/b', key: false, offset: 1 });
  });
});

describe('within', () => {
  it('counts escapes as long as they are spelled', () => {
    const part = (start: number, end: number): string | null => at(row.within('/a~1b/c~0d/1', [start, end]));
    expect(part(0, 1)).toBe('x');
    expect(part(1, 2)).toBe('\\n');
    expect(part(3, 4)).toBe('\\u00e9');
    expect(part(0, 5)).toBe(String.raw`x\ny\u00e9z`);
    expect(part(5, 5)).toBe('');
    expect(part(2, 99)).toBe(String.raw`y\u00e9z`);
  });

  it('looks into keys, and into nothing else than strings', () => {
    expect(at(row.within('/k"', [1, 2], true))).toBe('\\"');
    expect(row.within('/n', [0, 1])).toBeNull();
    expect(row.within('/x', [0, 1])).toBeNull();
  });
});

describe('at', () => {
  const from = (part: string, plus = 0): unknown => row.at(text.indexOf(part) + plus);

  it('names the innermost value or key', () => {
    expect(from('true')).toEqual({ pointer: '/a~1b/c~0d/2/e', key: false, offset: null });
    expect(from('"a/b"', 2)).toEqual({ pointer: '/a~1b', key: true, offset: 1 });
    expect(from('"v"', 1)).toEqual({ pointer: '/k"', key: false, offset: 0 });
    expect(from('"v"', 2)).toEqual({ pointer: '/k"', key: false, offset: 1 });
    expect(from('"v"', 3)).toEqual({ pointer: '/k"', key: false, offset: 1 });
    expect(from('u00e9', 2)).toEqual({ pointer: '/a~1b/c~0d/1', key: false, offset: 3 });
  });

  it('names the container between its members', () => {
    expect(from(', "k', 1)).toEqual({ pointer: '', key: false, offset: null });
    expect(from(': "v"', 1)).toEqual({ pointer: '/k"', key: false, offset: null });
    expect(row.at(0)).toEqual({ pointer: '', key: false, offset: null });
  });
});
