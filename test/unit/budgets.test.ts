import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { overBudget } from '../../scripts/lib/budgets.mjs';

const root = join(import.meta.dirname, '../..');
const budgets: Record<string, number> = JSON.parse(readFileSync(join(root, 'scripts/budgets.json'), 'utf8'));

/** A development build has source maps and readable names: its size says nothing. */
const isProduction = existsSync(join(root, 'dist/extension.cjs')) && !existsSync(join(root, 'dist/extension.cjs.map'));

describe('size budgets', () => {
  for (const file of Object.keys(budgets).filter((name) => name.startsWith('dist/'))) {
    it.skipIf(!isProduction || !existsSync(join(root, file)))(file, () => {
      expect(statSync(join(root, file)).size).toBeLessThanOrEqual(budgets[file] ?? 0);
    });
  }

  it('a file that is too big is named, with what to do', () => {
    const folder = mkdtempSync(join(tmpdir(), 'budgets-'));
    try {
      writeFileSync(join(folder, 'big.js'), '');
      truncateSync(join(folder, 'big.js'), 11);
      writeFileSync(join(folder, 'small.js'), 'x');
      const over = overBudget({ 'big.js': 10, 'small.js': 10, 'absent.js': 10 }, folder);
      expect(over.map(({ file, bytes }) => ({ file, bytes }))).toEqual([{ file: 'big.js', bytes: 11 }]);
      expect(over[0]?.sentence).toContain('1 over its budget of 10');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
