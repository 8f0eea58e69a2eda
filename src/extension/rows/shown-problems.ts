import type { Problem, Severity } from '../../core/checks/problem.ts';

/** VS Code keeps 1,000 diagnostics a file and drops the rest by itself; one place is left for our own note. */
export const MAX_SHOWN = 999;
/** While there is no room for all, one code gets this many before every other code had its turn. */
const FAIR_SHARE = 100;

export interface ShownProblem {
  readonly row: number;
  readonly problem: Problem;
}
export interface ShownProblems {
  /** In the order of the rows. */
  readonly shown: readonly ShownProblem[];
  /** How many of each code are not among them. */
  readonly hidden: ReadonlyMap<string, number>;
}
export interface ProblemSource {
  readonly length: number;
  problems(row: number): readonly Problem[];
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** Collects the problems of a file and chooses which to show; keeps at most `limit` a code, whatever comes. */
export class ProblemList {
  readonly #limit: number;
  readonly #focus: ShownProblem[] = [];
  readonly #byCode = new Map<string, ShownProblem[]>();
  readonly #total = new Map<string, number>();

  constructor(limit = MAX_SHOWN) {
    this.#limit = limit;
  }

  /** `inFocus`: the person looks at this row. False when it is only counted, since it can never be shown. */
  add(row: number, problem: Problem, inFocus = false): boolean {
    this.#total.set(problem.code, (this.#total.get(problem.code) ?? 0) + 1);
    if (inFocus && this.#focus.length < this.#limit) {
      this.#focus.push({ row, problem });
      return true;
    }
    const same = this.#byCode.get(problem.code);
    if (same === undefined) this.#byCode.set(problem.code, [{ row, problem }]);
    else if (same.length < this.#limit) same.push({ row, problem });
    else return false;
    return true;
  }

  /** Those in focus first, then errors before warnings, and no code fills the list while others wait. */
  choose(): ShownProblems {
    const groups = [...this.#byCode.values()];
    const shown = [...this.#focus, ...fairly(groups, this.#limit - this.#focus.length)];
    shown.sort((a, b) => a.row - b.row);
    const hidden = new Map(this.#total);
    for (const { problem } of shown) {
      const left = (hidden.get(problem.code) ?? 0) - 1;
      if (left > 0) hidden.set(problem.code, left);
      else hidden.delete(problem.code);
    }
    return { shown, hidden };
  }
}

/** The problems to show of a file, in one pass over its rows. Rows `[from, to)` are in focus. */
export function shownProblems(
  source: ProblemSource,
  [from, to]: readonly [from: number, to: number],
  limit = MAX_SHOWN,
): ShownProblems {
  const list = new ProblemList(limit);
  for (let row = 0; row < source.length; row++) {
    for (const problem of source.problems(row)) list.add(row, problem, row >= from && row < to);
  }
  return list.choose();
}

function fairly(groups: readonly (readonly ShownProblem[])[], room: number): readonly ShownProblem[] {
  const taken: ShownProblem[] = [];
  for (const [start, end] of [
    [0, FAIR_SHARE],
    [FAIR_SHARE, Number.POSITIVE_INFINITY],
  ] as const) {
    for (const severity of SEVERITIES) {
      for (const group of groups) {
        if (taken.length >= room) return taken;
        if (group[0]?.problem.severity !== severity) continue;
        taken.push(...group.slice(start, Math.min(end, start + room - taken.length)));
      }
    }
  }
  return taken;
}

/** "3,412 more problems are not listed: 2,900 answer/cut, 512 roles/unknown." */
export function hiddenSentence(hidden: ReadonlyMap<string, number>): string | null {
  const codes = [...hidden].sort((a, b) => b[1] - a[1]);
  const count = codes.reduce((sum, [, rows]) => sum + rows, 0);
  if (count === 0) return null;
  const named = codes.slice(0, 3).map(([code, rows]) => `${rows.toLocaleString('en')} ${code}`);
  const rest = codes.length > 3 ? `, and ${codes.length - 3} more checks` : '';
  const are = count === 1 ? 'problem is' : 'problems are';
  return `${count.toLocaleString('en')} more ${are} not listed: ${named.join(', ')}${rest}. Fix some above, or turn a check off in sft-lens.json.`;
}
