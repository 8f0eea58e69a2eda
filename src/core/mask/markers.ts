import type { Range } from '../jsonl/value.ts';
import type { ChatTemplate } from '../template/chat-template.ts';

/**
 * A marker is text that no cut may fall into: the tokenizer's special tokens and, because a template may be shown with
 * another tokenizer, everything in the template's source that is spelled like one.
 */
export type Markers = RegExp;

const SPELLED =
  /<\|[^|<>\s][^|<>\n]{0,60}\|>|<｜[^｜<>\n]{1,60}｜>|<\|[a-z_]+>|<[a-z_]+\|>|<\/?[a-zA-Z_]+>|<[a-z]+:[a-z_]+>|<SPECIAL_\d+>|\[\|[^|\]\s]+\|\]|\[\/?[A-Z_]+\]/g;

/** No marker is longer than this many UTF-16 units, so that a cut needs to look no further. */
const REACH = 80;

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** One pattern for all markers, the longest first. */
export function markersOf(source: string, specialTokens: Iterable<string> = []): Markers {
  const spelled = new Set<string>([...specialTokens, ...(source.match(SPELLED) ?? [])]);
  spelled.delete('');
  const longestFirst = [...spelled].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map(literal).join('|') || '(?!)', 'g');
}

/** The markers of `text` that lie in `[from, to)`. */
export function markersIn(markers: Markers, text: string, from: number, to: number): Range[] {
  const found: Range[] = [];
  if (from >= to) return found;
  const window = text.slice(from, to);
  markers.lastIndex = 0;
  for (let match = markers.exec(window); match !== null; match = markers.exec(window))
    found.push([from + match.index, from + match.index + match[0].length]);
  return found;
}

export function commonPrefix(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}

/** `at`, or the start of the marker that it cuts through. */
function beforeMarker(markers: Markers, text: string, at: number): number {
  for (const [start, end] of markersIn(markers, text, Math.max(0, at - REACH), Math.min(text.length, at + REACH)))
    if (start < at && at < end) return start;
  return at;
}

/** Length of the common prefix, cut back so that it ends inside no marker: `<|end|>` and `<|return|>` share `<|`, which is no agreement. */
export function agreement(markers: Markers, a: string, b: string): number {
  let length = commonPrefix(a, b);
  for (;;) {
    const cut = Math.min(beforeMarker(markers, a, length), beforeMarker(markers, b, length));
    if (cut === length) return length;
    length = cut;
  }
}

/** The spellings at those ranges. */
export const spelledAt = (text: string, ranges: readonly Range[]): string[] =>
  ranges.map(([start, end]) => text.slice(start, end));

/** A pattern that matches `text` literally except that white space may differ or be missing. */
export const looselySpelled = (text: string): RegExp =>
  new RegExp(`^\\s*${text.trim().split(/\s+/).map(literal).join('\\s*')}${/\s$/.test(text) ? '\\s*' : ''}`);

const MARKERS = new WeakMap<ChatTemplate, WeakMap<Readonly<Record<string, string>>, Markers>>();

/** `markersOf` a template with a tokenizer's special tokens, made once. */
export function markersFor(template: ChatTemplate, specialTokens: Readonly<Record<string, string>>): Markers {
  let known = MARKERS.get(template);
  if (known === undefined) MARKERS.set(template, (known = new WeakMap()));
  let markers = known.get(specialTokens);
  if (markers === undefined)
    known.set(specialTokens, (markers = markersOf(template.source, Object.values(specialTokens))));
  return markers;
}
