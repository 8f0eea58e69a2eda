import type { ChatTemplate, RenderContext } from '../template/chat-template.ts';
import { int16Tokens } from '../token-arrays.ts';
import type { Encoding } from '../tokenizer/encoding.ts';
import { agreement, type Markers, markersIn } from './markers.ts';
import type { Turn } from './mask-result.ts';
import { prefixText } from './prefixes.ts';
import type { Printed } from './printed.ts';

/** From `start` (UTF-16 units of the text) on, up to the next boundary, the text belongs to `message`: its header, its text and what closes it. */
export interface Boundary {
  readonly start: number;
  readonly message: number;
}

export interface BoundaryInput {
  readonly template: ChatTemplate;
  readonly context: RenderContext;
  readonly text: string;
  readonly pieces: readonly Printed[];
  readonly roles: readonly string[];
  readonly markers: Markers;
  /** The usual end-of-turn token, where it is known. */
  readonly stop: string | null;
  /** Turns whose headers are known: those decide. */
  readonly turns: readonly Turn[];
  /** Turns whose ends are known. */
  readonly ends: readonly Turn[];
  /** Prove each boundary by a render of the prefix, even where the same text stood between two such messages before. */
  readonly exact: boolean;
}

/** What stands between two messages repeats from row to row, and so does the place where one ends and the next begins. */
const REMEMBERED = new WeakMap<ChatTemplate, Map<string, number>>();
/** UTF-16 units. Longer texts between messages (tools, dates) hardly repeat. */
const LONGEST_REMEMBERED = 200;
const MOST_REMEMBERED = 2000;

/**
 * Where each message begins. Messages show themselves by what was printed of them; where between two of them the first
 * ends is read off the render of the prefix through it, once per text that stands there.
 */
export function boundariesOf(input: BoundaryInput): Boundary[] {
  const { pieces } = input;
  const boundaries: Boundary[] = [];
  const ends = new Map(input.ends.map((turn) => [turn.message, turn]));
  let current = -1;
  let gapStart = 0;
  for (const piece of pieces) {
    const turn = ends.get(piece.message);
    // what another message reprints of a turn that has ended (the name of a called function) does not reopen it
    const reprinted = turn !== undefined && piece.start >= turn.after && !turn.late.some(([s]) => s === piece.start);
    if (reprinted) continue;
    if (piece.message >= 0 && piece.message !== current) {
      boundaries.push({ start: splitOf(input, current, piece.message, gapStart, piece.start), message: piece.message });
      current = piece.message;
    }
    gapStart = Math.max(gapStart, piece.end);
  }
  return boundaries;
}

function splitOf(input: BoundaryInput, from: number, to: number, gapStart: number, gapEnd: number): number {
  if (gapStart >= gapEnd) return gapEnd;
  const known = input.turns.find((turn) => turn.message === to)?.headerStart;
  if (known !== undefined && known >= gapStart && known <= gapEnd && (from >= 0 || known > gapStart))
    return from >= 0 ? known : leadSplit(input, to, known);
  if (from < 0) return leadSplit(input, to, gapEnd);

  const short = gapEnd - gapStart <= LONGEST_REMEMBERED;
  const { template, text, roles } = input;
  let remembered = REMEMBERED.get(template);
  if (remembered === undefined) REMEMBERED.set(template, (remembered = new Map()));
  const key = `${roles[from]}\0${roles[to]}\0${to - from}\0${short ? text.slice(gapStart, gapEnd) : ''}`;
  if (short && !input.exact) {
    const at = remembered.get(key);
    if (at !== undefined) return gapStart + at;
  }
  const split = provenSplit(input, from, to, gapStart, gapEnd) ?? spelledSplit(input, to, gapStart, gapEnd);
  if (short && remembered.size < MOST_REMEMBERED) remembered.set(key, split - gapStart);
  return split;
}

/** The end of the prefix before `to`, where the text begins with that prefix. */
function provenSplit(
  { template, context, text, markers }: BoundaryInput,
  from: number,
  to: number,
  gapStart: number,
  gapEnd: number,
): number | null {
  if (to <= from) return null;
  const prefix = prefixText(template, context, to, false);
  if (prefix === null) return null;
  const agreed = agreement(markers, text, prefix);
  return agreed >= gapStart && agreed <= gapEnd ? agreed : null;
}

/** Read off the markers: behind the first end-of-turn token, else where the header before the next message begins. */
function spelledSplit(input: BoundaryInput, to: number, gapStart: number, gapEnd: number): number {
  const { text, stop } = input;
  const gap = text.slice(gapStart, gapEnd);
  if (stop !== null) {
    const at = gap.indexOf(stop);
    if (at >= 0) {
      const behind = at + stop.length;
      return gapStart + behind + /^\s*/.exec(gap.slice(behind))![0].length;
    }
  }
  return openerBefore(input, to, gapStart, gapEnd) ?? gapStart;
}

/**
 * Text before the first message: BOS and the first header are that message's own; a turn that the template adds unasked
 * (a default system prompt) is nobody's.
 */
function leadSplit(input: BoundaryInput, to: number, headerEnd: number): number {
  const { text, stop, markers } = input;
  const at = stop === null ? -1 : text.lastIndexOf(stop, headerEnd - stop.length);
  if (stop !== null && at >= 0) {
    const behind = at + stop.length + /^\s*/.exec(text.slice(at + stop.length, headerEnd))![0].length;
    // where the next role's marker stops a turn (GLM), it is that role's header here
    if (behind < headerEnd) return behind;
  }
  const opener = openerBefore(input, to, 0, headerEnd);
  if (opener === null) return 0;
  let said = text.slice(0, opener);
  for (const [start, end] of markersIn(markers, text, 0, opener).reverse())
    said = said.slice(0, start) + said.slice(end);
  return /[\p{L}\p{N}]/u.test(said) ? opener : 0;
}

/** The marker that opens the header of message `to`: the last one before its role's name, or before its text. */
function openerBefore({ text, markers, roles }: BoundaryInput, to: number, from: number, end: number): number | null {
  const found = markersIn(markers, text, from, end);
  const role = roles[to] ?? '';
  const named = role === '' ? -1 : text.lastIndexOf(role, end);
  const opener = found.findLast((marker) => named < from || marker[1] <= named) ?? found.at(-1);
  return opener?.[0] ?? null;
}

/** Message index of each token: the message that its first character belongs to; -1 before the first boundary. */
export function messageOfTokens({ starts }: Encoding, boundaries: readonly Boundary[]): Int16Array {
  const messages = int16Tokens(starts.length);
  let next = 0;
  let message = -1;
  for (let token = 0; token < starts.length; token++) {
    while (next < boundaries.length && boundaries[next]!.start <= starts[token]!) message = boundaries[next++]!.message;
    messages[token] = message;
  }
  return messages;
}
