import { expect, it } from 'vitest';
import { compileOniguruma } from './regex.ts';
import { beginText, endText } from './regex-matcher.ts';

it('ends soon where a pattern could try for ever', () => {
  const start = performance.now();
  for (const pattern of ['(?:a|a)*b', '(?:[ab]|[bc])*d', '(?:a+)+b', '(?:a|aa)*b']) {
    const match = compileOniguruma(pattern);
    // Within its limit of steps it finds nothing, or it says that the limit was reached.
    try {
      match('ab'.repeat(1500));
    } catch (error) {
      expect(String(error)).toMatch(/[.]$/);
    }
  }
  expect(performance.now() - start).toBeLessThan(5000);
});

it('shares its steps among the sections of a text', () => {
  const pattern = '(?:a|aa)*b';
  const sections = Array.from({ length: 200 }, () => 'a'.repeat(18));
  const all = (): number => sections.reduce((count, section) => count + compiled(section).length, 0);
  const compiled = compileOniguruma(pattern);
  expect(all()).toBe(0);
  beginText(sections.length);
  try {
    expect(all).toThrow('tries too many ways');
  } finally {
    endText();
  }
});
