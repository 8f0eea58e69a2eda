import type { PartDetail } from '../../../core/analysis-types.ts';
import type { TokenLoss } from '../../../core/protocol.ts';
import { type Fold, foldOf } from './folds.ts';
import { type Group, groupTokens } from './groups.ts';
import { sameLoss } from './loss.ts';
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
  /** What a run's model makes of the tokens. */
  readonly loss: TokenLoss | null;
  /** The same row under another mask, beside which this one is shown. */
  readonly beside?: Beside;
}

export interface Beside {
  /** What the two masks are called. */
  readonly names: readonly [own: string, other: string];
  readonly model: RowModel;
}

export function rowModel(part: PartDetail, maxLength: number, loss: TokenLoss | null = null): RowModel {
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
    loss,
  };
}

/**
 * Whether two models draw the same. A row is sent anew whenever its file has been looked at again; drawing it anew would
 * close what a person has opened and lose what they have selected.
 */
export function drawsSame(a: RowModel, b: RowModel): boolean {
  const [p, q] = [a.part, b.part];
  return (
    a.maxLength === b.maxLength &&
    sameLoss(a.loss, b.loss) &&
    p.part === q.part &&
    p.text === q.text &&
    p.roles.join() === q.roles.join() &&
    p.pointers.join() === q.pointers.join() &&
    p.messagePointers.join() === q.messagePointers.join() &&
    equal(a.states, b.states) &&
    equal(p.ids, q.ids) &&
    equal(p.starts, q.starts) &&
    equal(p.ends, q.ends) &&
    equal(p.reasons, q.reasons) &&
    equal(p.turns, q.turns) &&
    equal(p.segmentStarts, q.segmentStarts) &&
    equal(p.segmentPointer, q.segmentPointer) &&
    equal(p.segmentOffset, q.segmentOffset)
  );
}

const equal = (a: Uint8Array | Int16Array | Int32Array, b: Uint8Array | Int16Array | Int32Array): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

export const tokenText = (model: RowModel, i: number): string =>
  model.part.text.slice(model.part.starts[i], model.part.ends[i]);
