import type { PartDetail } from '../../../core/analysis-types.ts';
import { type Fold, foldOf } from './folds.ts';
import { type Group, groupTokens } from './groups.ts';
import { type DrawSpans, drawSpans } from './spans.ts';
import { stateCounts, type TokenState, tokenStates } from './states.ts';

/** One part of a row with all that its views share. */
export interface RowModel {
  readonly part: PartDetail;
  readonly maxLength: number;
  readonly states: Uint8Array;
  readonly stateCounts: Readonly<Record<TokenState, number>>;
  readonly groups: readonly Group[];
  /** Beside `groups`. */
  readonly folds: readonly (Fold | null)[];
  readonly spans: DrawSpans;
  readonly total: number;
  /** -1 where no token is trained. */
  readonly firstTrained: number;
}

export function rowModel(part: PartDetail, maxLength: number): RowModel {
  const states = tokenStates(part, maxLength);
  const groups = groupTokens(part, states);
  return {
    part,
    maxLength,
    states,
    stateCounts: stateCounts(states),
    groups,
    folds: groups.map((group) => foldOf(part, states, group)),
    spans: drawSpans(part),
    total: part.ids.length,
    firstTrained: part.trained.subarray(0, maxLength).indexOf(1),
  };
}

export const tokenText = (model: RowModel, i: number): string =>
  model.part.text.slice(model.part.starts[i], model.part.ends[i]);
