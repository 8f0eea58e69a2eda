export interface OverBudget {
  readonly file: string;
  readonly bytes: number;
  readonly budget: number;
  readonly sentence: string;
}

/** The files under `folder` (default: the repository) that are bigger than their budget in bytes. */
export function overBudget(budgets: Readonly<Record<string, number>>, folder?: string): OverBudget[];
