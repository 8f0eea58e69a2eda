import { describe, expect, test } from 'vitest';
import { lensTitles } from './lens-titles.ts';
import { looksLikeRows } from './looks-like-rows.ts';
import { rowLabel, rowSentence } from './row-counts.ts';
import { percent, plainMarkdown, short } from './words.ts';

const none = { error: 0, warning: 0, information: 0, hint: 0 };

describe('words', () => {
  test('numbers', () => {
    expect(short(812)).toBe('812');
    expect(short(31_400_000)).toBe('31.4 M');
    expect(percent(48, 4096)).toBe('1.2 %');
    expect(percent(40, 100)).toBe('40 %');
    expect(percent(0, 0)).toBe('0 %');
  });

  test('text of a row is never markup', () => {
    expect(plainMarkdown('[a](command:x) <b>|`')).toBe('\\[a\\]\\(command:x\\) \\<b\\>\\|\\`');
  });

  test('the row in the status bar', () => {
    expect(rowSentence({ tokens: 62, trained: 24, truncated: 0, trainedCut: 0 })).toBe('62 tokens, 24 trained');
    expect(rowSentence({ tokens: 5000, trained: 1, truncated: 904, trainedCut: 3 })).toBe(
      '5,000 tokens, 1 trained, 904 cut',
    );
    expect(rowLabel(2, { tokens: 1, trained: 0, truncated: 0, trainedCut: 0 })).toBe(
      'Row 3: 1 token, 0 trained. Inspect row',
    );
  });

  test('the lens says only what is known', () => {
    const totals = {
      rows: 52_002,
      checked: 52_002,
      tokens: 31_400_000,
      trained: 12_560_000,
      truncated: 0,
      trainedCut: 0,
    };
    expect(lensTitles({ ...totals, problems: { ...none, error: 242, warning: 9 } })).toEqual({
      totals: '52,002 rows · 31.4 M tokens · 40 % trained',
      problems: '242 errors',
    });
    expect(lensTitles({ ...totals, checked: 10, problems: none })).toEqual({
      totals: '52,002 rows · 10 checked',
      problems: null,
    });
  });
});

describe('which JSON may be rows', () => {
  test.each([
    ['[{"messages": []}]', true],
    ['\uFEFF[\n  {\n "instruction": "x"', true],
    ['{"messages": []}', false],
    ['[1, 2]', false],
    ['[{"name": "a", "version": 1}]', false],
    ['', false],
  ])('%s', (text, expected) => expect(looksLikeRows(text)).toBe(expected));
});
