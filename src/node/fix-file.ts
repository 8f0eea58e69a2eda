import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import type { Edit, Problem } from '../core/checks/problem.ts';
import { sliceRows } from '../core/jsonl/slices.ts';

/**
 * Applies the first fix of each problem to a file; only the edited characters change. Problems are by row number from 1.
 * The new text is written beside the file and renamed over it. Edits that overlap an earlier one are left for another run.
 * Returns how many problems were fixed. Packed files and standard input are left alone.
 */
export async function applyFixes(path: string, problems: ReadonlyMap<number, readonly Problem[]>): Promise<number> {
  if (path === '-' || path.endsWith('.gz')) return 0;
  const bytes = await readFile(path);
  const text = bytes.toString('utf8');
  // Bytes that are not UTF-8 would be lost on the way back.
  if (!Buffer.from(text, 'utf8').equals(bytes)) return 0;
  const { starts } = sliceRows(text);
  const edits: Edit[] = [];
  let fixed = 0;
  for (const [row, list] of problems) {
    const base = starts[row - 1];
    if (base === undefined) continue;
    const taken: Edit[] = [];
    for (const problem of list) {
      const fix = problem.fixes?.find((candidate) => candidate.scope !== 'config');
      if (!fix || fix.edits.some((edit) => taken.some((other) => overlap(edit, other)))) continue;
      taken.push(...fix.edits);
      fixed++;
    }
    for (const edit of taken) edits.push({ range: [base + edit.range[0], base + edit.range[1]], text: edit.text });
  }
  if (edits.length === 0) return 0;
  const temporary = `${path}.sft-lens.tmp`;
  await writeFile(temporary, withEdits(text, edits), { mode: (await stat(path)).mode });
  await rename(temporary, path);
  return fixed;
}

const overlap = (a: Edit, b: Edit): boolean =>
  a.range[0] < b.range[1] && b.range[0] < a.range[1] ? true : a.range[0] === b.range[0];

export function withEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.range[0] - b.range[0])) {
    result += text.slice(at, edit.range[0]) + edit.text;
    at = edit.range[1];
  }
  return result + text.slice(at);
}
