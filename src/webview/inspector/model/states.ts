import type { PartDetail } from '../../../core/analysis-types.ts';
import { REASONS } from '../../../core/mask/policy.ts';
import { REASON_TEXT } from '../../../core/mask/reasons.ts';

/** How a token is drawn. The order is the order of the legend; a state is kept as an index into this list. */
export const STATES = ['trained', 'look', 'rest', 'missing', 'cut'] as const;
export type TokenState = (typeof STATES)[number];

export const STATE_WORDS: Readonly<Record<TokenState, string>> = {
  trained: 'Trained',
  look: 'Trained, check',
  rest: 'Not trained',
  missing: 'Not trained, expected',
  cut: 'Cut',
};

const code = (state: TokenState): number => STATES.indexOf(state);
const TRAINED = code('trained');
const LOOK = code('look');
const REST = code('rest');
const MISSING = code('missing');
const CUT = code('cut');
/** By reason: whether its own word asks for a look. */
const ODD = Uint8Array.from(REASONS, (reason) => {
  const { word } = REASON_TEXT[reason];
  return word === STATE_WORDS.look || word === STATE_WORDS.missing ? 1 : 0;
});

/**
 * The state of every token, as indices into `STATES`. A token past `maxLength` (tokens) is cut, whatever the mask says of
 * it. One is worth a look where its reason says so (an empty think block that is trained) and where the mask and the
 * intended mask differ.
 */
export function tokenStates(
  part: Pick<PartDetail, 'ids' | 'trained' | 'intended' | 'reasons'>,
  maxLength: number,
): Uint8Array {
  const { trained, intended, reasons } = part;
  return Uint8Array.from(part.ids, (_, i) => {
    if (i >= maxLength) return CUT;
    const odd = ODD[reasons[i] ?? 0] === 1 || (intended !== null && intended[i] !== trained[i]);
    if (trained[i]) return odd ? LOOK : TRAINED;
    return odd ? MISSING : REST;
  });
}

export const stateOf = (states: Uint8Array, i: number): TokenState => STATES[states[i] ?? REST] ?? 'rest';

export const isTrainedState = (state: number | undefined): boolean => state === TRAINED || state === LOOK;

/** How many tokens are in each state. */
export function stateCounts(states: Uint8Array): Readonly<Record<TokenState, number>> {
  const counts = { trained: 0, look: 0, rest: 0, missing: 0, cut: 0 };
  for (const state of states) counts[STATES[state] ?? 'rest']++;
  return counts;
}

/** The states that the legend lists: those that are there. */
export const presentStates = (counts: Readonly<Record<TokenState, number>>): readonly TokenState[] =>
  STATES.filter((state) => counts[state] > 0);
