import type { PartDetail } from '../../../core/analysis-types.ts';
import type { Part } from '../../../core/formats/conversation.ts';
import { type Difference, type DiffSide, diffMasks, type MaskDiff } from '../../../core/mask/diff.ts';
import type { InspectorDiff } from '../../../core/protocol.ts';
import { type RowModel, rowModel } from './row-model.ts';
import { counted, number } from './words.ts';

/** All that the Diff view draws. */
export interface DiffModel {
  /** The row under the first mask, with the second beside it. */
  readonly model: RowModel;
  readonly first: PartDetail;
  readonly second: PartDetail;
  readonly names: Readonly<Record<DiffSide, string>>;
  readonly diff: MaskDiff;
}

/** What "as intended" is called beside a name. */
const MEANT = 'as intended';

/** A sentence where the two cannot be laid side by side. */
export function diffModel({ first, second }: InspectorDiff, wanted: Part, maxLength: number): DiffModel | string {
  const [a, b] = [first, second].map(({ parts }) => parts.find(({ part }) => part === wanted) ?? parts[0]);
  if (a === undefined || b === undefined) return 'This row has no tokens to compare.';
  const names = { first: first.name ?? MEANT, second: second.name ?? MEANT };
  if (a.text !== b.text || a.ids.length !== b.ids.length || a.ids.some((id, i) => id !== b.ids[i])) {
    const [one, other] = [a, b].map(({ ids }) => counted(ids.length, 'token'));
    return `${names.first} and ${names.second} print this row by different templates, ${one} and ${other}: their masks have no token in common.`;
  }
  const beside = { names: [names.first, names.second] as const, model: rowModel(b, maxLength) };
  return {
    model: { ...rowModel(a, maxLength), beside },
    first: a,
    second: b,
    names,
    diff: diffMasks(a, { ...a, name: first.name }, { ...b, name: second.name }, maxLength),
  };
}

/** Turns next to each other that the two train alike, or one that they do not. Indices into the groups of the model. */
export interface DiffStretch {
  readonly equal: boolean;
  readonly from: number;
  readonly to: number;
}

export function stretchesOf({ model, diff }: DiffModel, hideEqual: boolean): DiffStretch[] {
  const stretches: { equal: boolean; from: number; to: number }[] = [];
  let next = 0;
  model.groups.forEach((group, g) => {
    while (next < diff.differences.length && (diff.differences[next]?.to ?? 0) <= group.from) next++;
    const equal = hideEqual && (diff.differences[next]?.from ?? Number.POSITIVE_INFINITY) >= group.to;
    const last = stretches.at(-1);
    if (equal && last?.equal) last.to = g + 1;
    else stretches.push({ equal, from: g, to: g + 1 });
  });
  return stretches;
}

/** "Turns 1–2 equal". Text before the first turn has no number. */
export function equalWords({ model }: DiffModel, { from, to }: DiffStretch): string {
  const turns = model.groups.slice(from, to).map(({ turn }) => turn);
  const [first, last] = [turns.find((turn) => turn >= 0), turns.findLast((turn) => turn >= 0)];
  if (first === undefined || last === undefined) return 'Template text equal';
  return first === last ? `Turn ${first + 1} equal` : `Turns ${first + 1}–${last + 1} equal`;
}

/** Trained and differing tokens of one turn under one mask. */
export function turnCounts(
  { first, second, diff, model }: DiffModel,
  side: DiffSide,
  { from, to }: { readonly from: number; readonly to: number },
): { readonly tokens: number; readonly trained: number; readonly differ: number } {
  const { trained } = side === 'first' ? first : second;
  let count = 0;
  for (let i = from; i < Math.min(to, model.maxLength); i++) if (trained[i]) count++;
  const differ = diff.differences.reduce(
    (sum, difference) => sum + Math.max(0, Math.min(difference.to, to) - Math.max(difference.from, from)),
    0,
  );
  return { tokens: to - from, trained: count, differ };
}

/** "Difference 2 of 5, turn 3, assistant: the line break after <|im_end|>, 1 token, trained by trl-assistant only." */
export function differenceSpeech({ model, names, diff }: DiffModel, at: number, of: Difference): string {
  const { turn, side, cause, from, to } = of;
  const where = turn < 0 ? 'before turn 1' : `turn ${turn + 1}, ${model.part.roles[turn] ?? 'no role'}`;
  const only = names[side] === MEANT ? 'meant to be trained' : `trained by ${names[side]} only`;
  return `Difference ${number(at + 1)} of ${number(diff.differences.length)}, ${where}: ${cause.words.replaceAll('`', '')}, ${counted(to - from, 'token')}, ${only}.`;
}
