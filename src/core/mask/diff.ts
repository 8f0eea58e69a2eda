import type { PartDetail } from '../analysis-types.ts';
import { turnsNamed } from '../checks/lib/words.ts';
import { type DiffCause, diffCause } from './diff-causes.ts';
import { REASONS } from './policy.ts';

/** A mask of the row: what a preset's tool trains, or what was meant. */
export interface DiffMask {
  /** What a person calls it: `trl-assistant`. Null: "as intended". */
  readonly name: string | null;
  readonly trained: Uint8Array;
  /** Index into REASONS. */
  readonly reasons: Uint8Array;
}

export type DiffSide = 'first' | 'second';

/** Neighboring tokens of one turn that only one of the masks trains, for one reason. */
export interface Difference {
  /** The mask that trains them. */
  readonly side: DiffSide;
  /** Tokens `[from, to)`. */
  readonly from: number;
  readonly to: number;
  /** Message index, -1 before the first. */
  readonly turn: number;
  readonly cause: DiffCause;
}

/** All differences of one cause. */
export interface DiffGroup {
  readonly side: DiffSide;
  readonly cause: DiffCause;
  /** "the empty think block of turns 3 and 7". */
  readonly words: string;
  readonly tokens: number;
  readonly turns: readonly number[];
}

export interface MaskDiff {
  /** Trained tokens inside max length. */
  readonly first: number;
  readonly second: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** In the order of the row. */
  readonly differences: readonly Difference[];
  /** In the order of their first token. */
  readonly groups: readonly DiffGroup[];
  /** What is said first, and the causes: "trl-assistant trains 11 tokens more than axolotl:", "the empty think block of ...". */
  readonly lead: string;
  readonly rest: string;
}

type Row = Pick<PartDetail, 'text' | 'starts' | 'ends' | 'turns' | 'roles'>;

/** Two masks of one row, as far as a trainer sees it (`maxLength` tokens): where they differ, grouped by cause. */
export function diffMasks(row: Row, first: DiffMask, second: DiffMask, maxLength: number): MaskDiff {
  const limit = Math.min(maxLength, first.trained.length, second.trained.length);
  const counts = { first: 0, second: 0, onlyFirst: 0, onlySecond: 0 };
  const differences: Difference[] = [];
  for (let i = 0; i < limit; i++) {
    const [a, b] = [first.trained[i] === 1, second.trained[i] === 1];
    if (a) counts.first++;
    if (b) counts.second++;
    if (a === b) continue;
    if (a) counts.onlyFirst++;
    else counts.onlySecond++;
    const side: DiffSide = a ? 'first' : 'second';
    const [on, off] = a ? [first, second] : [second, first];
    const turn = row.turns[i] ?? -1;
    const cause = diffCause(row, i, REASONS[on.reasons[i] ?? 0]!, REASONS[off.reasons[i] ?? 0]!);
    const last = differences.at(-1);
    if (last !== undefined && last.to === i && last.side === side && last.turn === turn && sameCause(last.cause, cause))
      differences[differences.length - 1] = { ...last, to: i + 1 };
    else differences.push({ side, from: i, to: i + 1, turn, cause });
  }
  const groups = groupsOf(differences);
  return { ...counts, differences, groups, ...sentenceOf(counts, groups, first.name, second.name) };
}

const sameCause = (a: DiffCause, b: DiffCause): boolean => a.words === b.words && a.place === b.place;

function groupsOf(differences: readonly Difference[]): DiffGroup[] {
  const groups = new Map<string, { side: DiffSide; cause: DiffCause; tokens: number; turns: Set<number> }>();
  for (const { side, cause, from, to, turn } of differences) {
    const key = `${side} ${cause.place} ${cause.words}`;
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = { side, cause, tokens: 0, turns: new Set() }));
    group.tokens += to - from;
    group.turns.add(turn);
  }
  return [...groups.values()].map(({ side, cause, tokens, turns }) => {
    const named = [...turns].filter((turn) => turn >= 0).sort((a, b) => a - b);
    const place = cause.place !== 'none' && named.length > 0 ? ` ${cause.place} ${turnsNamed(named)}` : '';
    return { side, cause, tokens, turns: named, words: `${cause.words}${place}` };
  });
}

/** Causes that one sentence names; the rest is counted. */
const NAMED = 4;

/** "a", "a, and b", "a, b, and c": each may hold an "and" itself. */
function joined(groups: readonly DiffGroup[]): string {
  const shown = groups.length > NAMED ? groups.slice(0, NAMED - 1) : groups;
  const words = shown.map((group) => group.words);
  if (groups.length > NAMED) {
    const rest = groups.slice(NAMED - 1);
    words.push(`${tokensOf(rest.reduce((sum, { tokens }) => sum + tokens, 0))} for ${rest.length} other reasons`);
  }
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')}, and ${words.at(-1)}`;
}

const tokensOf = (count: number): string => `${count.toLocaleString('en')} token${count === 1 ? '' : 's'}`;

type Counts = Pick<MaskDiff, 'first' | 'second' | 'onlyFirst' | 'onlySecond'>;

function sentenceOf(
  { first, onlyFirst, onlySecond }: Counts,
  groups: readonly DiffGroup[],
  a: string | null,
  b: string | null,
): { lead: string; rest: string } {
  const [forFirst, forSecond] = (['first', 'second'] as const).map((side) =>
    joined(groups.filter((group) => group.side === side)),
  ) as [string, string];
  if (onlyFirst === 0 && onlySecond === 0) return { lead: same(a, b, tokensOf(first)), rest: '' };
  if (onlySecond === 0) return { lead: more(a, b, tokensOf(onlyFirst)), rest: `${forFirst}.` };
  if (onlyFirst === 0) return { lead: more(b, a, tokensOf(onlySecond)), rest: `${forSecond}.` };
  return {
    lead: both(a, b, onlyFirst),
    rest: `${forFirst}. ${both(b, a, onlySecond)} ${forSecond}.`,
  };
}

function same(a: string | null, b: string | null, tokens: string): string {
  if (a === null && b === null) return `Both are what was meant: ${tokens}.`;
  if (a === null || b === null) return `${a ?? b} trains what was meant: ${tokens}.`;
  return a === b ? `Both are ${a}: ${tokens} trained.` : `${a} and ${b} train the same ${tokens}.`;
}

function more(more: string | null, less: string | null, tokens: string): string {
  if (more === null) return `${less} trains ${tokens} fewer than was meant:`;
  return less === null
    ? `${more} trains ${tokens} more than was meant:`
    : `${more} trains ${tokens} more than ${less}:`;
}

function both(on: string | null, off: string | null, count: number): string {
  const [tokens, were] = [tokensOf(count), count === 1 ? 'was' : 'were'];
  if (on === null) return `${off} leaves out ${tokens} that ${were} meant:`;
  return off === null
    ? `${on} trains ${tokens} that ${were} not meant:`
    : `${on} trains ${tokens} that ${off} does not:`;
}
