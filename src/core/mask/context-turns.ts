import { type BoundaryInput, boundariesOf } from './boundaries.ts';
import { markersIn } from './markers.ts';
import type { Turn } from './mask-result.ts';

/**
 * Turns of roles that no generation prompt opens (a policy that trains users or tools): from the message's first printed
 * character through the first marker behind its last one, up to the next message.
 */
export function contextTurns(input: BoundaryInput, trainedRoles: readonly string[]): Turn[] {
  const boundaries = boundariesOf(input);
  const turns: Turn[] = [];
  for (const [index, { message, start: headerStart }] of boundaries.entries()) {
    const role = input.roles[message] ?? '';
    if (role === 'assistant' || !trainedRoles.includes(role)) continue;
    const after = boundaries[index + 1]?.start ?? input.text.length;
    const own = input.pieces.filter(
      (piece) => piece.message === message && piece.start >= headerStart && piece.end <= after,
    );
    const start = own[0]?.start ?? headerStart;
    const contentEnd = own.reduce((end, piece) => Math.max(end, piece.end), start);
    const stop = markersIn(input.markers, input.text, contentEnd, after)[0] ?? null;
    turns.push({
      message,
      headerStart,
      roleEnd: start,
      start,
      contentEnd,
      stop,
      end: stop?.[1] ?? contentEnd,
      after,
      handover: false,
      late: [],
      how: 'origins',
    });
  }
  return turns;
}
