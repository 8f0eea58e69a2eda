import type { Pointer, Range } from '../../../core/jsonl/value.ts';
import { REASONS, type Reason } from '../../../core/mask/policy.ts';
import { describeReason } from '../../../core/mask/reasons.ts';
import { bytesOf, spoken, visible } from './glyphs.ts';
import { lossText } from './loss.ts';
import { originOf } from './origin.ts';
import { type RowModel, tokenText } from './row-model.ts';
import { isSplit } from './spans.ts';
import { STATE_WORDS, stateOf, type TokenState } from './states.ts';

/** All that the token line, the hover card and the screen reader say of one token. */
export interface TokenDescription {
  readonly index: number;
  readonly id: number;
  /** In one line, blanks shown. */
  readonly shown: string;
  readonly control: boolean;
  readonly state: TokenState;
  readonly word: string;
  readonly reason: string;
  /** "loss 2.31, base 4.10"; empty where no run says. */
  readonly loss: string;
  /** Null: text of the template. */
  readonly origin: { readonly pointer: Pointer; readonly range: Range } | null;
  readonly from: string;
  readonly bytes: string;
  /** Where a step to the JSON leads: the origin, or the message of a template token. */
  readonly goal: { readonly pointer: Pointer; readonly range: Range | null } | null;
}

export function describeToken(model: RowModel, i: number): TokenDescription {
  const { part } = model;
  const text = tokenText(model, i);
  const state = stateOf(model.states, i);
  const turn = part.turns[i] ?? -1;
  const origin = originOf(part, i);
  const message = part.messagePointers[turn];
  return {
    index: i,
    id: part.ids[i] ?? -1,
    shown: visible(text),
    control: part.control[i] === 1,
    state,
    ...words(model, i, STATE_WORDS[state], reasonSentence(model, i, state, part.roles[turn] ?? 'template')),
    loss: lossText(model.loss, i),
    origin,
    from: origin === null ? 'chat template' : `${origin.pointer} ${rangeText(origin.range)}`,
    bytes: isSplit(part, i) ? `one part of ${bytesOf(text)}` : bytesOf(text),
    goal: origin ?? (message === undefined ? null : { pointer: message, range: null }),
  };
}

/** Under two masks the states of both, each with its mask's name. */
function words({ beside }: RowModel, i: number, word: string, reason: string): { word: string; reason: string } {
  if (beside === undefined) return { word, reason };
  const [own, other] = beside.names;
  return { word: `${own}: ${word}`, reason: `${reason} ${other}: ${describeToken(beside.model, i).word}.` };
}

function reasonSentence(model: RowModel, i: number, state: TokenState, role: string): string {
  const reason: Reason =
    state === 'cut' ? 'after-max-length' : (REASONS[model.part.reasons[i] ?? 0] ?? 'template-text');
  return describeReason(reason, { role, maxLength: model.maxLength });
}

const rangeText = ([start, end]: Range): string => (end > start ? `${start}–${end}` : `${start}`);

/** One sentence: "Thursday, id 7794, Trained. Assistant content." */
export function speech(model: RowModel, i: number): string {
  const { id, word, reason, loss } = describeToken(model, i);
  const figures = loss === '' ? '' : ` ${loss[0]?.toUpperCase()}${loss.slice(1)}.`;
  return `${spoken(tokenText(model, i))}, id ${id}, ${word}. ${reason}${figures}`;
}
