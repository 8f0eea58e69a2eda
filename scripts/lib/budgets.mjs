// How big each shipped file may be (budgets.json: path -> bytes).
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

/** The files that are bigger than their budget; a file that is not there is not over it. */
export function overBudget(budgets, folder = root) {
  return Object.entries(budgets).flatMap(([file, budget]) => {
    const path = join(folder, file);
    if (!existsSync(path)) return [];
    const bytes = statSync(path).size;
    if (bytes <= budget) return [];
    const sentence = `${file} has ${bytes} bytes, ${bytes - budget} over its budget of ${budget}. Make it smaller, or raise scripts/budgets.json and say why in the commit.`;
    return [{ file, bytes, budget, sentence }];
  });
}
