import type { Range } from '../jsonl/value.ts';
import type { Boundary } from './boundaries.ts';
import { type Markers, markersIn } from './markers.ts';
import type { Turn } from './mask-result.ts';
import type { Printed } from './printed.ts';

/**
 * The turns that a template's generation blocks show. A block without text of its own (a closing token in a block of its
 * own) continues the turn before it; white space is no turn.
 */
export function generationTurns(
  text: string,
  generation: readonly Range[],
  pieces: readonly Printed[],
  roles: readonly string[],
  markers: Markers,
): Turn[] {
  const turns: Turn[] = [];
  let from = 0;
  for (const [start, end] of generation) {
    while (from < pieces.length && pieces[from]!.end < start) from++;
    const last = turns.at(-1);
    const own = messageIn(pieces, from, start, end, roles);
    const continues = last !== undefined && start >= last.start && (own === null || own.message === last.message);
    const message = own?.message ?? (continues ? last.message : nextAssistant(roles, last?.message ?? -1));
    if (message === null) continue;
    const contentEnd = own?.end ?? (continues ? last.contentEnd : start);
    const stop = stopIn(text, markers, Math.max(contentEnd, start), end);
    const turn: Turn = {
      message,
      headerStart: start,
      roleEnd: start,
      start,
      contentEnd,
      stop,
      end: stop?.[1] ?? end,
      after: end,
      handover: false,
      late: [],
      how: 'prefix',
    };
    if (continues)
      turns[turns.length - 1] = { ...turn, headerStart: last.headerStart, roleEnd: last.roleEnd, start: last.start };
    else turns.push(turn);
  }
  return turns;
}

/** The same turns from their headers to the next message: what the blocks leave out of a turn is seen as such. */
export function framed(
  turns: readonly Turn[],
  boundaries: readonly Boundary[],
  text: string,
  markers: Markers,
): Turn[] {
  return turns.map((turn) => {
    const at = boundaries.findIndex((boundary) => boundary.message === turn.message);
    const begin = boundaries[at];
    if (begin === undefined) return turn;
    const behind = boundaries[at + 1]?.start ?? text.length;
    const stop = turn.stop ?? firstStop(text, markers, turn.after, behind);
    return {
      ...turn,
      headerStart: Math.min(begin.start, turn.headerStart),
      stop,
      end: Math.max(turn.end, stop?.[1] ?? 0),
      after: Math.max(turn.after, behind),
    };
  });
}

function firstStop(text: string, markers: Markers, from: number, to: number): Range | null {
  return markersIn(markers, text, from, to)[0] ?? null;
}

function messageIn(
  pieces: readonly Printed[],
  from: number,
  start: number,
  end: number,
  roles: readonly string[],
): { message: number; end: number } | null {
  let found: { message: number; end: number } | null = null;
  for (let i = from; i < pieces.length && pieces[i]!.start <= end; i++) {
    const piece = pieces[i]!;
    if (piece.start < start || piece.end > end || piece.message < 0 || roles[piece.message] !== 'assistant') continue;
    if (found === null) found = { message: piece.message, end: piece.end };
    else if (found.message === piece.message) found.end = piece.end;
  }
  return found;
}

function nextAssistant(roles: readonly string[], after: number): number | null {
  const next = roles.indexOf('assistant', after + 1);
  return next < 0 ? null : next;
}

/** The last marker of the closing text that closes the turn and not a part of it (`</tool_call>`). */
function stopIn(text: string, markers: Markers, from: number, to: number): Range | null {
  const closing = markersIn(markers, text, from, to).filter(([s, e]) => !/^<\/|^\[\//.test(text.slice(s, e)));
  return closing[closing.length - 1] ?? null;
}
