import type { Range, Value } from '../jsonl/value.ts';
import type { Rendering } from '../origin/segment.ts';
import { agreement, markersIn } from './markers.ts';
import { prefixRendering, unlessRefused } from './prefixes.ts';
import { isTemplateText, type Printed, printedOf } from './printed.ts';
import type { How, TurnBegin, TurnEnd, TurnRow } from './turn-row.ts';

/** The text of the message and of what closes it: `[.., contentEnd)` and `[contentEnd, after)`. */
interface Closing {
  readonly contentEnd: number;
  readonly after: number;
  readonly how: How;
}

export function turnEnd(row: TurnRow, i: number, begin: TurnBegin): TurnEnd {
  const last = i === row.roles.length - 1;
  const own = row.own[i]!.filter((piece) => piece.start >= begin.headerStart);
  const through = last ? row.rendering : prefixRendering(row.template, row.context, i + 1);
  const throughOwn =
    through === null ? [] : through === row.rendering ? own : printedOf(through).filter((piece) => piece.message === i);
  const closing =
    (through === null ? null : provenClosing(row, i, begin, own, through, throughOwn)) ??
    alignedClosing(row, i, begin, own, through, throughOwn);
  return stopOf(row, i, closing);
}

/** Whether something of a later message was printed in `[from, to)`. */
const laterBetween = ({ pieces }: TurnRow, i: number, from: number, to: number): boolean =>
  pieces.some((piece) => piece.message > i && piece.start >= from && piece.start < to);

/** The conversation through this turn is a prefix of the whole one, up to its closing text. */
function provenClosing(
  row: TurnRow,
  i: number,
  begin: TurnBegin,
  own: readonly Printed[],
  through: Rendering,
  throughOwn: readonly Printed[],
): Closing | null {
  if (begin.how !== 'prefix') return null;
  const agreed = agreement(row.markers, row.text, through.text);
  let contentEnd = begin.start;
  for (const piece of throughOwn)
    if (piece.start >= begin.headerStart && piece.end > contentEnd) contentEnd = piece.end;
  // where the two part inside this turn, the history shows more of it (call ids) or less of it (thoughts) than it did as the last turn
  const goesOn =
    agreed < through.text.length &&
    own.some((piece) => piece.end > agreed && !laterBetween(row, i, agreed, piece.start));
  return agreed >= contentEnd && !goesOn ? { contentEnd, after: agreed, how: 'prefix' } : null;
}

/**
 * The message's printed characters, up to another message's or to the closing marker; then what follows the same
 * character in the render through this turn, as far as both agree.
 */
function alignedClosing(
  row: TurnRow,
  i: number,
  begin: TurnBegin,
  own: readonly Printed[],
  through: Rendering | null,
  throughOwn: readonly Printed[],
): Closing {
  const { text, markers, usual } = row;
  const lastThrough = throughOwn[throughOwn.length - 1];
  const tail = through !== null && lastThrough !== undefined ? through.text.slice(lastThrough.end) : usual.tail;
  const closes = (from: number, to: number): boolean =>
    tail !== null &&
    markersIn(markers, text, from, to).some(([start, end]) => tail.trimEnd().endsWith(text.slice(start, end)));

  let contentEnd = begin.start;
  let lastOwn: Printed | null = null;
  for (const piece of own) {
    if (laterBetween(row, i, contentEnd, piece.start)) break;
    if (piece.start > contentEnd && closes(contentEnd, piece.start)) break;
    if (piece.end >= contentEnd) {
      contentEnd = piece.end;
      lastOwn = piece;
    }
  }
  const twin =
    lastOwn === null
      ? undefined
      : throughOwn.findLast((piece) => piece.pointer === lastOwn.pointer && piece.to === lastOwn.to);
  const follows = twin !== undefined && through !== null ? through.text.slice(twin.end) : tail;
  const after = follows === null ? contentEnd : contentEnd + agreement(markers, text.slice(contentEnd), follows);
  return { contentEnd, after, how: begin.how === 'prefix' ? 'origins' : begin.how };
}

/** The end-of-turn token: the last marker of the closing text. */
function stopOf(row: TurnRow, i: number, { contentEnd, after: closed, how }: Closing): TurnEnd {
  const { text, pieces, roles, markers, usual } = row;
  const last = i === roles.length - 1;
  let after = closed;
  let stops = markersIn(markers, text, contentEnd, after);
  if (last && stops.length > 1) stops = stopsThatStay(row, stops);
  while (stops.length > 1 && usual.openers.has(spelled(text, stops[stops.length - 1]!))) after = stops.pop()![0];

  const candidate = stops[stops.length - 1];
  // "</tool_call>" closes a call, not a turn
  if (candidate !== undefined && (usual.stop !== null || !/^<\/|^\[\//.test(spelled(text, candidate)))) {
    const end = candidate[1];
    const handover = isHandover(row, i, candidate);
    return { contentEnd, stop: candidate, handover, end, after: Math.max(after, end), how };
  }
  // no end-of-turn token of its own: the next role's marker stops the model (GLM), but not that of another assistant turn
  const behind = closed + /^\s*/.exec(text.slice(closed))![0].length;
  const next = markersIn(markers, text, behind, Math.min(text.length, behind + 80))[0];
  const stands = next !== undefined && next[0] === behind && isTemplateText(pieces, ...next);
  const isUsual = usual.role.trim() !== '' && text.startsWith(usual.role.trim(), behind);
  if (stands && (last || (!row.trainedRoles.includes(roles[i + 1] ?? '') && !isUsual)))
    return { contentEnd, stop: next, handover: isHandover(row, i, next), end: next[1], after: next[1], how };
  const end = Math.max(contentEnd, closed - /\s*$/.exec(text.slice(contentEnd, closed))![0].length);
  return { contentEnd, stop: null, handover: false, end, after: Math.max(after, end), how };
}

const spelled = (text: string, [start, end]: Range): string => text.slice(start, end);

/** A last turn may close with more (phi3: `<|end|>\n` and EOS): the part that stays when a user goes on. */
function stopsThatStay({ template, context, text, markers }: TurnRow, stops: Range[]): Range[] {
  const user = new Map<string, Value>([
    ['role', 'user'],
    ['content', 'x'],
  ]);
  const on = unlessRefused(
    () => template.plain({ ...context, messages: [...context.messages, user], addGenerationPrompt: false }).text,
  );
  if (on === null) return stops;
  const kept = agreement(markers, text, on);
  const staying = stops.filter(([, end]) => end <= kept);
  return staying.length > 0 ? staying : stops;
}

/**
 * A turn that hands over to a tool may stop at another token than the usual one (Gemma 4: `<|tool_response>`). Where the
 * result is still to come, the template's source shows that the token opens something.
 */
function isHandover({ template, text, roles, own, usual }: TurnRow, i: number, stop: Range): boolean {
  const marker = spelled(text, stop);
  if (usual.stop === null || marker === usual.stop) return false;
  if (roles[i + 1] === 'tool') return isOpener(marker, text, stop[1]);
  const calls = i === roles.length - 1 && own[i]!.some((piece) => piece.field === 'tool-call');
  return calls && isOpener(marker, template.source, 0);
}

/** Whether this marker opens something that is closed further on: `<|x>...<x|>`, `<x>...</x>`, `[X]...[/X]`. */
function isOpener(marker: string, text: string, from: number): boolean {
  const match = /^<\|([^|]+)>$|^<([^/|]+)>$|^\[([^/]+)\]$/.exec(marker);
  if (match === null) return false;
  const [, piped, tag, bracketed] = match;
  const closer = piped !== undefined ? `<${piped}|>` : tag !== undefined ? `</${tag}>` : `[/${bracketed}]`;
  return text.includes(closer, from);
}
