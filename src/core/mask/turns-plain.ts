import { agreement, markersIn } from './markers.ts';
import { prefixText } from './prefixes.ts';
import type { TurnBegin, TurnEnd, TurnRow } from './turn-row.ts';

/**
 * The usual case at the cost of one plain render: the prompt ends with the usual header, the row's text begins with it,
 * the turn is text only, and it closes as the smallest conversation does. Null: look closer. What it finds is what the
 * proofs of `turnBegin` and `turnEnd` find.
 */
export function plainTurn(row: TurnRow, i: number, previousEnd: number): (TurnBegin & TurnEnd) | null {
  const { usual, text, markers, pieces } = row;
  const own = row.own[i]!;
  if (i === 0 || usual.header === null || usual.role === '' || usual.stop === null || usual.tail === null) return null;
  if (usual.openers.size > 0 || own.length === 0 || !usual.header.startsWith(usual.role)) return null;
  if (own.some((piece) => piece.field !== 'content' && piece.field !== 'reasoning')) return null;
  const last = i === row.roles.length - 1;
  if (!last && row.roles[i + 1] !== 'user') return null;

  const prompt = prefixText(row.template, row.context, i, true);
  if (prompt === null || !prompt.endsWith(usual.header)) return null;
  const base = prompt.length - usual.header.length;
  const roleEnd = base + usual.role.length;
  if (base < previousEnd || own[0]!.start < roleEnd || !text.startsWith(prompt.slice(0, roleEnd))) return null;
  const same = agreement(markers, usual.header, text.slice(base, base + usual.header.length + 80));
  if (same < usual.role.length) return null;
  const start = Math.max(roleEnd, Math.min(base + same, own[0]!.start));

  let contentEnd = start;
  for (const piece of own) contentEnd = Math.max(contentEnd, piece.end);
  for (const piece of pieces) {
    if (piece.start >= contentEnd && piece.message !== i) break;
    if (piece.start >= base && piece.message !== i) return null;
  }
  const { tail } = usual;
  if (last ? text.length !== contentEnd + tail.length || !text.endsWith(tail) : usual.kept === 0) return null;
  const closes = last ? tail.length : agreement(markers, text.slice(contentEnd, contentEnd + tail.length + 80), tail);
  const stops = markersIn(markers, tail, 0, Math.min(closes, usual.kept));
  const stop = stops.at(-1);
  if (stop === undefined || tail.slice(stop[0], stop[1]) !== usual.stop) return null;
  return {
    headerStart: base,
    roleEnd,
    start,
    contentEnd,
    stop: [contentEnd + stop[0], contentEnd + stop[1]],
    handover: false,
    end: contentEnd + stop[1],
    after: contentEnd + closes,
    how: 'prefix',
  };
}
