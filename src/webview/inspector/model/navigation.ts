import { type Group, groupAt } from './groups.ts';

export type Move =
  | 'next'
  | 'previous'
  | 'next-change'
  | 'previous-change'
  | 'next-turn'
  | 'previous-turn'
  | 'first'
  | 'last';

/** The token that a move from token `now` leads to. Moves stop at the ends. */
export function target(move: Move, now: number, states: Uint8Array, groups: readonly Group[]): number {
  const last = states.length - 1;
  const clamp = (i: number): number => Math.max(0, Math.min(last, i));
  switch (move) {
    case 'next':
      return clamp(now + 1);
    case 'previous':
      return clamp(now - 1);
    case 'next-change':
      return change(now, 1, states);
    case 'previous-change':
      return change(now, -1, states);
    case 'next-turn':
      return groups[Math.min(groupAt(groups, now) + 1, groups.length - 1)]?.from ?? 0;
    case 'previous-turn':
      return groups[Math.max(groupAt(groups, now) - 1, 0)]?.from ?? 0;
    case 'first':
      return 0;
    case 'last':
      return Math.max(0, last);
  }
}

/** First token ahead whose state differs from this one's; the end where there is none. */
function change(now: number, step: 1 | -1, states: Uint8Array): number {
  let i = now;
  while (i + step >= 0 && i + step < states.length) {
    i += step;
    if (states[i] !== states[now]) return i;
  }
  return i;
}

/** What a key asks for, by the key map of the inspector. */
export function moveOfKey(event: {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}): Move | null {
  if (event.altKey) return null;
  const jump = event.ctrlKey || event.metaKey;
  switch (event.key) {
    case 'ArrowRight':
      return jump ? 'next-change' : 'next';
    case 'ArrowLeft':
      return jump ? 'previous-change' : 'previous';
    case 'ArrowDown':
      return jump ? null : 'next-turn';
    case 'ArrowUp':
      return jump ? null : 'previous-turn';
    case 'Home':
      return 'first';
    case 'End':
      return 'last';
    default:
      return null;
  }
}
