import type { Range } from '../jsonl/value.ts';
import type { Turn } from './mask-result.ts';
import type { Field, Printed } from './printed.ts';

/** What a stretch of an assistant turn is, whether trained or not. */
export type ZoneKind = 'header' | 'content' | 'reasoning' | 'tool-call' | 'template' | 'empty-think' | 'stop' | 'after';

export interface Zone {
  /** UTF-16 units of the text. */
  readonly start: number;
  readonly end: number;
  readonly kind: ZoneKind;
  /** Index of the message. */
  readonly message: number;
}

const THOUGHT_OPENS = /<(think|thought|thinking|seed:think)>|<\|think\|>|\[THINK\]/g;

const closerOf = (opener: string): string => {
  if (opener === '[THINK]') return '[/THINK]';
  if (opener === '<|think|>') return '<|/think|>';
  return `</${opener.slice(1)}`;
};

/** A thought that text opens and does not close, or null. */
function openThought(text: string): string | null {
  if (text.search(THOUGHT_OPENS) < 0) return null;
  const opener = [...text.matchAll(THOUGHT_OPENS)].pop()?.[0];
  return opener !== undefined && !text.includes(closerOf(opener), text.lastIndexOf(opener)) ? opener : null;
}

/** Thoughts of `[start, end)` with the white space behind them, and whether nothing was thought. */
function thoughtsIn(
  text: string,
  headerStart: number,
  start: number,
  end: number,
): { readonly range: Range; readonly empty: boolean }[] {
  const thoughts: { range: Range; empty: boolean }[] = [];
  const add = (from: number, inside: number, closer: string): number => {
    const close = text.indexOf(closer, inside);
    if (close < 0 || close + closer.length > end) return -1;
    let behind = close + closer.length;
    while (behind < end && /\s/.test(text[behind]!)) behind++;
    thoughts.push({ range: [from, behind], empty: text.slice(inside, close).trim() === '' });
    return behind;
  };
  let at = start;
  const opened = openThought(text.slice(headerStart, start));
  if (opened !== null) at = Math.max(at, add(start, start, closerOf(opened)));
  const body = text.slice(start, end);
  THOUGHT_OPENS.lastIndex = at - start;
  for (let match = THOUGHT_OPENS.exec(body); match !== null; match = THOUGHT_OPENS.exec(body)) {
    const from = start + match.index;
    const behind = add(from, from + match[0].length, closerOf(match[0]));
    if (behind >= 0) THOUGHT_OPENS.lastIndex = behind - start;
  }
  THOUGHT_OPENS.lastIndex = 0;
  return thoughts;
}

const zoneKind = (field: Field): ZoneKind => (field === 'other' ? 'template' : field);

/** What template text between two pieces belongs to: to the call or the thought that it wraps. */
function between(before: ZoneKind | null, behind: ZoneKind | null): ZoneKind {
  if (before === 'tool-call' || behind === 'tool-call') return 'tool-call';
  if (before === 'reasoning' || behind === 'reasoning') return 'reasoning';
  return before === 'content' && behind === 'content' ? 'content' : 'template';
}

const NAMES_ASSISTANT = /assistant|model|chatbot|gpt/i;

/** The zones of a turn in the order of the text, without a gap from its header to its end (late pieces apart). */
function turnZones(text: string, own: readonly Printed[], turn: Turn): Zone[] {
  const { message } = turn;
  const zones: Zone[] = [];
  const add = (start: number, end: number, kind: ZoneKind): void => {
    if (start >= end) return;
    const last = zones.at(-1);
    if (last !== undefined && last.kind === kind && last.end === start) zones[zones.length - 1] = { ...last, end };
    else zones.push({ start, end, kind, message });
  };
  add(turn.headerStart, turn.start, 'header');

  const bodyEnd = turn.stop === null ? turn.end : Math.max(turn.start, turn.stop[0]);
  const base: Zone[] = [];
  let at = turn.start;
  let before: ZoneKind | null = null;
  const put = (start: number, end: number, kind: ZoneKind): void => {
    if (start < end) base.push({ start, end, kind, message });
  };
  for (const piece of own) {
    if (piece.start < at || piece.end > bodyEnd || piece.start === piece.end) continue;
    const kind = zoneKind(piece.field);
    if (piece.start > at) {
      const isHeader = before === null && NAMES_ASSISTANT.test(text.slice(at, piece.start));
      put(at, piece.start, isHeader ? 'header' : between(before, kind));
    }
    put(piece.start, piece.end, kind);
    before = kind;
    at = piece.end;
  }
  if (at < bodyEnd) {
    const isHeader = before === null && NAMES_ASSISTANT.test(text.slice(at, bodyEnd));
    put(at, bodyEnd, isHeader ? 'header' : between(before, null));
  }

  const thoughts = thoughtsIn(text, turn.headerStart, turn.start, bodyEnd);
  let next = 0;
  for (const zone of base) {
    let from = zone.start;
    while (next < thoughts.length && from < zone.end) {
      const { range, empty } = thoughts[next]!;
      if (range[0] >= zone.end) break;
      add(from, Math.max(from, range[0]), zone.kind);
      const to = Math.min(zone.end, range[1]);
      add(Math.max(from, range[0]), to, empty ? 'empty-think' : 'reasoning');
      from = Math.max(from, to);
      if (range[1] > zone.end) break;
      next++;
    }
    add(from, zone.end, zone.kind);
  }

  if (turn.stop !== null) add(Math.max(turn.stop[0], turn.start), turn.stop[1], 'stop');
  add(turn.end, turn.after, 'after');
  for (const [start, end] of turn.late) add(start, end, 'content');
  return zones;
}

/** Zones of all turns, sorted and apart from each other. */
export function zonesOf(text: string, pieces: readonly Printed[], turns: readonly Turn[]): Zone[] {
  const zones: Zone[] = [];
  let from = 0;
  let sorted = true;
  for (const turn of turns) {
    while (from < pieces.length && pieces[from]!.end < turn.headerStart) from++;
    const own: Printed[] = [];
    for (let i = from; i < pieces.length && pieces[i]!.start < turn.after; i++)
      if (pieces[i]!.message === turn.message) own.push(pieces[i]!);
    for (const zone of turnZones(text, own, turn)) {
      const last = zones.at(-1);
      if (last !== undefined && zone.start < last.end) sorted = false;
      zones.push(zone);
    }
  }
  return sorted ? zones : apart(zones);
}

/** Sorted; of two zones that share characters (a stop that is the next role's marker) the first keeps them. */
function apart(zones: Zone[]): Zone[] {
  const result: Zone[] = [];
  let end = 0;
  for (const zone of zones.sort((a, b) => a.start - b.start)) {
    if (zone.end <= end) continue;
    result.push(zone.start < end ? { ...zone, start: end } : zone);
    end = zone.end;
  }
  return result;
}
