import type { Problem } from '../../core/checks/problem.ts';
import type { DatasetIndex } from '../../core/dataset.ts';

const NONE: readonly Problem[] = [];

/**
 * The problems of the rows, for one pass from the first row to the last. Most rows have none, or only what the file says
 * once, and those cost nothing: a key stroke in a long file goes through all of them.
 */
export function problemSource(index: DatasetIndex, keep: (problem: Problem) => boolean) {
  const firsts = new Map<string, number>();
  const wide = new Map<string, boolean>();
  const isWide = ({ code }: Problem): boolean => {
    const known = wide.get(code);
    if (known !== undefined) return known;
    wide.set(code, index.isFileWide(code));
    return index.isFileWide(code);
  };
  return {
    length: index.length,
    problems(row: number): readonly Problem[] {
      const summary = index.summary(row);
      if (summary === undefined) return NONE;
      const duplicate = index.hasDuplicate(row);
      if (!duplicate && summary.format === index.fileFormat && summary.problems.every(isWide)) return NONE;
      if (duplicate && !firsts.has(summary.hash)) firsts.set(summary.hash, row);
      return index.problemsOf(row, firsts).filter(keep);
    },
  };
}
