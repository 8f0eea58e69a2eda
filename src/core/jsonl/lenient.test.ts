import { expect, it } from 'vitest';
import { blankComments } from './lenient.ts';

it('makes comments and trailing commas spaces, and keeps every offset', () => {
  const text = '\ufeff{ // a\n  "x": "// no, ]", /* b\n c */ "y": [1, 2, /* , */ ],\n}';
  const blank = blankComments(text);
  expect(blank).toHaveLength(text.length);
  expect(JSON.parse(blank)).toEqual({ x: '// no, ]', y: [1, 2] });
  expect(blank.indexOf('"y"')).toBe(text.indexOf('"y"'));
  expect(blank.split('\n')).toHaveLength(4);
});

it.each(['[1,,2]', '[,]', '{"a"', '"', '/', '/* '])('leaves %j wrong or empty', (text) => {
  expect(() => JSON.parse(blankComments(text)) as unknown).toThrow();
});
