import type { Group } from './groups.ts';
import { STATES, type TokenState } from './states.ts';
import { number } from './words.ts';

/** What the whole context bar stands for. */
export interface BarScale {
  /** Tokens. */
  readonly tokens: number;
  /** The free rest of max length is drawn shorter than it is. */
  readonly broken: boolean;
}

/** Below this share of max length a row would be too narrow to read in a true bar. */
const READABLE = 0.3;
/** How much of a broken bar the row takes. */
const ROW_SHARE = 0.8;

export function barScale(total: number, maxLength: number): BarScale {
  if (total >= maxLength * READABLE || total === 0) return { tokens: Math.max(total, maxLength, 1), broken: false };
  return { tokens: total / ROW_SHARE, broken: true };
}

/** A stretch of the context bar, in tokens. */
export interface Stretch {
  readonly state: TokenState;
  readonly from: number;
  readonly to: number;
}

/** Finer than any panel has pixels. */
const COLUMNS = 1200;
/** What wins where several tokens share a column: what a person must not overlook. */
const WEIGHT: Readonly<Record<TokenState, number>> = { rest: 0, cut: 1, trained: 2, missing: 3, look: 4 };

/**
 * The lower lane: stretches of equal state, without untrained ones. At most `COLUMNS` of them however long the row is.
 * `scale`: tokens that the whole bar stands for.
 */
export function stateStretches(states: Uint8Array, scale: number): readonly Stretch[] {
  const step = Math.max(1, Math.ceil(scale / COLUMNS));
  const stretches: Stretch[] = [];
  let open: { state: TokenState; from: number; to: number } | null = null;
  for (let from = 0; from < states.length; from += step) {
    const to = Math.min(from + step, states.length);
    let state: TokenState = 'rest';
    for (let i = from; i < to; i++) {
      const next = STATES[states[i] ?? 0] ?? 'rest';
      if (WEIGHT[next] > WEIGHT[state]) state = next;
    }
    if (open !== null && open.state === state) open.to = to;
    else {
      open = { state, from, to };
      if (state !== 'rest') stretches.push(open);
    }
  }
  return stretches;
}

/** One block of the upper lane. */
export interface TurnBlock {
  readonly group: Group;
  /** What fits: name and count, a letter, nothing. */
  readonly label: string;
  readonly size: 'wide' | 'tiny' | 'bare';
}

/** Narrower than this share of the bar, a name and a count do not fit; a letter, not even that. */
const WIDE = 0.14;
const TINY = 0.022;

export const turnBlocks = (groups: readonly Group[], scale: number): readonly TurnBlock[] =>
  groups.map((group) => {
    const tokens = group.to - group.from;
    const share = tokens / scale;
    if (share > WIDE) return { group, size: 'wide', label: `${group.role} ${number(tokens)}` };
    if (share > TINY) return { group, size: 'tiny', label: (group.role[0] ?? '').toUpperCase() };
    return { group, size: 'bare', label: '' };
  });
