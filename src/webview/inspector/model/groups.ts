import type { PartDetail } from '../../../core/analysis-types.ts';
import { isTrainedState } from './states.ts';

/** Tokens `[from, to)` that belong to one turn, next to each other in the text. */
export interface Group {
  /** Message index, -1 for text before the first turn. */
  readonly turn: number;
  readonly role: string;
  readonly from: number;
  readonly to: number;
  /** Trained tokens inside max length. */
  readonly trained: number;
}

/** The turns in the order of the text. A turn that a template prints in two places is two groups. */
export function groupTokens(part: Pick<PartDetail, 'turns' | 'roles'>, states: Uint8Array): readonly Group[] {
  const { turns, roles } = part;
  const groups: Group[] = [];
  for (let from = 0; from < turns.length; ) {
    const turn = turns[from] ?? -1;
    let to = from;
    let trained = 0;
    while (to < turns.length && turns[to] === turn) {
      if (isTrainedState(states[to])) trained++;
      to++;
    }
    groups.push({ turn, role: turn < 0 ? 'template' : (roles[turn] ?? 'no role'), from, to, trained });
    from = to;
  }
  return groups;
}

/** Index of the group that holds token `i`. */
export function groupAt(groups: readonly Group[], i: number): number {
  let low = 0;
  let high = groups.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((groups[middle]?.from ?? 0) <= i) low = middle;
    else high = middle - 1;
  }
  return low;
}
