import { expect, it } from 'vitest';
import { compileOniguruma } from './regex.ts';

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
