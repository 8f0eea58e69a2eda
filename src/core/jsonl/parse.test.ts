import { describe, expect, it } from 'vitest';
import type { Edit } from '../checks/problem.ts';
import { parseRow } from './parse.ts';
import { MAX_DEPTH, readJson } from './read-json.ts';
import { Float, type Value } from './value.ts';

const value = (text: string): Value | undefined => readJson(text).value;

const apply = (text: string, edits: readonly Edit[]): string =>
  edits.reduceRight((result, { range, text: put }) => result.slice(0, range[0]) + put + result.slice(range[1]), text);

/** The message, and the row after the fix (null: no fix). */
function broken(text: string): { message: string; fixed: string | null; marked: string } {
  const { error, value: read } = parseRow(text);
  expect(read).toBeUndefined();
  if (error === null) throw new Error(`no error in ${text}`);
  return {
    message: error.message,
    marked: text.slice(...error.range),
    fixed: error.fix === null ? null : apply(text, error.fix.edits),
  };
}

describe('values', () => {
  it('keeps what Python keeps: ints and floats, big ints, key order, the last of duplicate keys', () => {
    expect(value('[0, -0, 7, -12, 9007199254740991]')).toEqual([0, 0, 7, -12, 9007199254740991]);
    expect(Object.is((value('[-0]') as number[])[0], 0)).toBe(true);
    expect(value('9007199254740993')).toBe(9007199254740993n);
    expect(value('-123456789012345678901234567890')).toBe(-123456789012345678901234567890n);
    expect(value('[1.0, 1e2, -2.5E-3, -0.0]')).toEqual([
      new Float(1),
      new Float(100),
      new Float(-0.0025),
      new Float(-0),
    ]);
    const object = value('{"b": 1, "a": 2, "b": 3, "__proto__": 4}') as ReadonlyMap<string, Value>;
    expect([...object]).toEqual([
      ['b', 3],
      ['a', 2],
      ['__proto__', 4],
    ]);
  });

  it('decodes strings', () => {
    expect(value(String.raw`"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00z"`)).toBe('a"\\/\b\f\n\r\té😀z');
    expect(value('"\u2028\u007f é 😀"')).toBe('\u2028\u007f é 😀');
    expect(value('""')).toBe('');
  });

  it('reads the numbers that only Python knows', () => {
    expect(value('[NaN, Infinity, -Infinity, 1e999]')).toEqual([
      new Float(Number.NaN),
      new Float(Number.POSITIVE_INFINITY),
      new Float(Number.NEGATIVE_INFINITY),
      new Float(Number.POSITIVE_INFINITY),
    ]);
  });

  it('reads deep nesting to its limit and refuses what is deeper', () => {
    const nested = (n: number): string => `${'['.repeat(n)}${']'.repeat(n)}`;
    expect(readJson(nested(MAX_DEPTH)).failure).toBeNull();
    expect(readJson(nested(MAX_DEPTH + 1)).failure).toMatchObject({ wanted: 'less-depth', at: MAX_DEPTH });
    expect(parseRow(`{"a":${'['.repeat(1_000_000)}`).error?.message).toContain('nested deeper than 990 levels');
  });

  it('refuses integers that Python refuses', () => {
    expect(readJson('1'.repeat(4300)).failure).toBeNull();
    expect(parseRow(`{"a": ${'1'.repeat(4301)}}`).error?.message).toBe(
      'The integer at column 7 has more than 4,300 digits. Python cannot read it.',
    );
  });
});

describe('issues', () => {
  const issues = (text: string): unknown[] =>
    parseRow(text).issues.map(({ kind, pointer, range, key }) => [kind, pointer, text.slice(...range), key]);

  it('finds duplicate keys, at their key', () => {
    expect(issues('{"a": {"x": 1, "x": 2}, "a": 3}')).toEqual([
      ['duplicate-key', '/a/x', '"x"', 'x'],
      ['duplicate-key', '/a', '"a"', 'a'],
    ]);
    expect(issues(String.raw`{"a": 1, "\u0061": 2}`)).toEqual([['duplicate-key', '/a', String.raw`"\u0061"`, 'a']]);
  });

  it('finds lone surrogates, as they are spelled', () => {
    expect(issues(String.raw`{"a": "x\ud83dy", "b": "\ud83d\ude00", "c": ["\ude00"]}`)).toEqual([
      ['lone-surrogate', '/a', String.raw`\ud83d`, undefined],
      ['lone-surrogate', '/c/0', String.raw`\ude00`, undefined],
    ]);
    expect(issues('{"a": "x\ud83d"}')).toEqual([['lone-surrogate', '/a', '\ud83d', undefined]]);
    expect(issues('{"\\ud83d\\ud83d\\ude00": 1}')).toEqual([['lone-surrogate', '/\ud83d😀', '\\ud83d', '\ud83d😀']]);
  });

  it('finds numbers that are not finite', () => {
    expect(issues('{"a": NaN, "b": [-Infinity, 1e999, 1e9, true, null]}')).toEqual([
      ['not-finite', '/a', 'NaN', undefined],
      ['not-finite', '/b/0', '-Infinity', undefined],
      ['not-finite', '/b/1', '1e999', undefined],
    ]);
  });

  it('has none in a plain row', () => {
    expect(issues('{"a": "NaN", "b": {"a": 1}, "c": "😀"}')).toEqual([]);
  });
});

describe('errors', () => {
  it.each([
    ['{"m":[{"a":1} {"b":2}]}', 'A comma is missing before `{`, column 15.', '{"m":[{"a":1}, {"b":2}]}'],
    ['{"a": "x" "b": 2}', 'A comma is missing before `"`, column 11.', '{"a": "x", "b": 2}'],
    ['{"a": [1, 2,], "b": 3,}', 'A comma stands before `]`, column 12. Remove it.', '{"a": [1, 2], "b": 3}'],
    ['{"a": [1,, 2]}', 'A value is missing before `,`, column 10. Write it or remove the comma.', '{"a": [1, 2]}'],
    [
      "{'a': 'it\\'s \"b\"', 'c': None, 'd': True}",
      'JSON writes text in double quotes. Here it is in single quotes, column 2.',
      '{"a": "it\'s \\"b\\"", "c": null, "d": true}',
    ],
    ['{“q”: “你好”}', 'JSON writes text in double quotes. Here it is in `“`, column 2.', '{"q": "你好"}'],
    ['{name: "a", age: 25}', 'The key `name` needs double quotes, column 2.', '{"name": "a", "age": 25}'],
    ['{"ok": True, "no": None}', '`True` is no JSON. Write `true`, column 8.', '{"ok": true, "no": null}'],
    ['{"x": 1 /* a */, "y": 2} // b', 'JSON has no comments. One begins at column 9.', '{"x": 1 , "y": 2} '],
    ['{"a": {"b": [1, 2}}', '`]` is missing before `}`, column 18.', '{"a": {"b": [1, 2]}}'],
    ['{"a": {"b": [1, 2]', 'The row ends before `}}`, column 19. Complete it.', '{"a": {"b": [1, 2]}}'],
    ['{"a": "b}', 'The text that begins at column 7 has no closing quote. Add it.', '{"a": "b"}'],
    ['{"a": "b', 'The text that begins at column 7 has no closing quote. Add it.', null],
    ['{"a": "x\ny"}', 'A line break in text is written `\\n`, column 9.', '{"a": "x\\ny"}'],
    ['{"a": "x\ty\tz"}', 'A tab in text is written `\\t`, column 9.', '{"a": "x\\ty\\tz"}'],
    ['{"a": "x\u0001"}', 'The control character U+0001 in text is written `\\u0001`, column 9.', '{"a": "x\\u0001"}'],
    ['{"a": "\\d+"}', '`\\d` is no JSON escape, column 8. For a backslash write `\\\\`.', '{"a": "\\\\d+"}'],
    ['{"a": "\\x41"}', '`\\x41` is no JSON escape, column 8. Write `\\u0041`.', '{"a": "\\u0041"}'],
    ['{"a": "\\\'"}', "`\\'` is no JSON escape, column 8. Write `'`.", '{"a": "\'"}'],
    ['{"a": "\\u12"}', '`\\u12` is no JSON escape: `\\u` needs four hex digits, column 8.', '{"a": "\\\\u12"}'],
    [
      '{"a": 1}{"b": 2}',
      'Two rows stand on this line. The second begins at column 9. Give it a line of its own.',
      '{"a": 1}\n{"b": 2}',
    ],
    ['{"a": 1}}', '`}` closes nothing, column 9. Remove it.', '{"a": 1}'],
    ['{"a": 1},', 'A comma stands after the row, column 9. Remove it.', '{"a": 1}'],
    ['{"a": 1} done', "Text stands after the row's end, column 10. Remove it.", '{"a": 1}'],
    ['Result: {"a": 1}', "Text stands before the row's `{`, column 1. Remove `Result`.", '{"a": 1}'],
    ['{"a" 1}', 'A colon is missing before `1`, column 6.', '{"a": 1}'],
    ['{"a" = 1}', 'A colon, not `=`, follows a key, column 6.', '{"a" : 1}'],
    ['{"a": }', 'A value is missing before `}`, column 7. Write it.', null],
    ['{"a"}', 'The key `"a"` has no value, column 5. Write `:` and the value.', null],
    ['{"a": yes}', 'Text needs double quotes: `yes`, column 7.', '{"a": "yes"}'],
    [
      '{"a": 007, "b": +1, "c": .5, "d": 1., "e": 0x1F, "f": 1_000}',
      '`007` is no JSON number, column 7. Write `7`.',
      '{"a": 7, "b": 1, "c": 0.5, "d": 1.0, "e": 31, "f": 1000}',
    ],
    ['{"a": 1.2.3}', '`1.2.3` is no JSON number, column 7. Write it in digits, or in quotes if it is text.', null],
    [
      '{"a": "he said "hi" to me", "b": 1}',
      'A quote in the text is not escaped, column 16. Write it as `\\"`.',
      '{"a": "he said \\"hi\\" to me", "b": 1}',
    ],
    ['\ufeff{"a": 1}', 'A byte order mark (U+FEFF) is no JSON white space, column 1. Remove it.', '{"a": 1}'],
    ['{\u00a0"a": 1}', 'The character U+00A0 is no JSON white space, column 2. Remove it.', '{ "a": 1}'],
    ['{"a": 1,', 'The row ends before the next key, column 9. Complete it.', '{"a": 1}'],
    ['{"a": [{"id":', 'The row ends before a value, column 14. Complete it.', null],
    ['', 'The row is empty. Write an object or remove the line.', null],
    ['  \t', 'The row is empty. Write an object or remove the line.', null],
    ['[1]', 'A row is an object, `{...}`. This one is a list.', null],
    ['"x"', 'A row is an object, `{...}`. This one is text: give it a key, `{"text": "..."}`.', '{"text": "x"}'],
    ['12', 'A row is an object, `{...}`. This one is a number.', null],
  ])('%j', (text, message, fixed) => {
    expect(broken(text)).toMatchObject({ message, fixed });
    if (fixed !== null && !fixed.includes('\n')) expect(parseRow(fixed).error).toBeNull();
  });

  it('marks the place', () => {
    expect(broken('{"m":[{"a":1} {"b":2}]}').marked).toBe('{');
    expect(broken('{"a": [1, 2,]}').marked).toBe(',');
    expect(broken('{"a": None}').marked).toBe('None');
  });

  it('offers no fix that does not bring the reader further', () => {
    expect(broken('{"a": [1, 2] {"b": 1}}').fixed).toBeNull();
  });
});
