import { describe, expect, test } from 'vitest';
import type { Problem, Severity } from '../../core/checks/problem.ts';
import { hiddenSentence, MAX_SHOWN, shownProblems } from './shown-problems.ts';

const problem = (code: string, severity: Severity): Problem => ({
  code,
  severity,
  message: code,
  pointer: '',
  range: [0, 1],
});
const file = (length: number, problems: (row: number) => readonly Problem[]) => ({ length, problems });

describe('shown problems', () => {
  test('all of them while they fit, in the order of the rows', () => {
    const { shown, hidden } = shownProblems(
      file(3, (row) => [problem('a/b', row === 1 ? 'error' : 'warning')]),
      [0, 0],
    );
    expect(shown.map(({ row }) => row)).toEqual([0, 1, 2]);
    expect(hidden.size).toBe(0);
  });

  test('errors before warnings, and the rest is counted', () => {
    const { shown, hidden } = shownProblems(
      file(5000, (row) => [problem('w/w', 'warning'), ...(row > 4900 ? [problem('e/e', 'error')] : [])]),
      [0, 0],
    );
    expect(shown.length).toBe(MAX_SHOWN);
    expect(shown.filter(({ problem: { code } }) => code === 'e/e').length).toBe(99);
    expect(hidden.get('w/w')).toBe(5000 - 900);
    expect(hidden.has('e/e')).toBe(false);
  });

  test('rows in focus are always there', () => {
    const { shown } = shownProblems(
      file(50_000, () => [problem('e/e', 'error')]),
      [40_000, 40_050],
    );
    expect(shown.filter(({ row }) => row >= 40_000 && row < 40_050).length).toBe(50);
    expect(shown.length).toBe(MAX_SHOWN);
  });

  test('a common code leaves room for a rare one', () => {
    const { shown } = shownProblems(
      file(3000, (row) => [problem(row === 2999 ? 'rare/rare' : 'common/common', 'error')]),
      [0, 0],
    );
    expect(shown.some(({ problem: { code } }) => code === 'rare/rare')).toBe(true);
  });

  test('a limit smaller than one share is kept', () => {
    expect(
      shownProblems(
        file(500, () => [problem('e/e', 'error')]),
        [0, 0],
        7,
      ).shown.length,
    ).toBe(7);
  });

  test('the note names the most frequent codes', () => {
    expect(hiddenSentence(new Map())).toBeNull();
    expect(
      hiddenSentence(
        new Map([
          ['roles/unknown', 512],
          ['answer/cut', 2900],
        ]),
      ),
    ).toBe(
      '3,412 more problems are not listed: 2,900 answer/cut, 512 roles/unknown. Fix some above, or turn a check off in sft-lens.json.',
    );
  });
});
