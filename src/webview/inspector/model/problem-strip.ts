import type { Problem, Severity } from '../../../core/checks/problem.ts';

/** A problem with its index in the row's list, which is its name on the wire. */
export interface NumberedProblem {
  readonly problem: Problem;
  readonly index: number;
}

/** More than these at once push the text off the page. */
const SHOWN = 2;
const ORDER: Readonly<Record<Severity, number>> = { error: 0, warning: 1, information: 2, hint: 3 };

/** The problems that are shown, worst first, and how many are not. */
export function strip(
  problems: readonly Problem[],
  open: boolean,
): { readonly shown: readonly NumberedProblem[]; readonly hidden: number } {
  const sorted = problems
    .map((problem, index) => ({ problem, index }))
    .sort((a, b) => ORDER[a.problem.severity] - ORDER[b.problem.severity] || a.index - b.index);
  const shown = open ? sorted : sorted.slice(0, SHOWN);
  return { shown, hidden: sorted.length - shown.length };
}
