import type { Counts } from '../../../core/analysis-types.ts';
import type { Group } from './groups.ts';

const format = new Intl.NumberFormat('en');

export const number = (n: number): string => format.format(n);

export const counted = (n: number, one: string, many = `${one}s`): string => `${number(n)} ${n === 1 ? one : many}`;

/** A share as a person reads it: whole percents, one decimal below 1, never a 0 for something that is there. */
export function percent(part: number, whole: number): string {
  if (whole <= 0 || part <= 0) return '0 %';
  const value = (100 * part) / whole;
  if (value < 0.1) return '< 0.1 %';
  if (value < 1) return `${value.toFixed(1)} %`;
  return `${Math.round(value)} %`;
}

/** "73 of 76 trained", "28 tokens". */
export function groupNote(group: Group): string {
  const tokens = group.to - group.from;
  return group.trained > 0 ? `${number(group.trained)} of ${number(tokens)} trained` : counted(tokens, 'token');
}

/** "Turn 5, assistant, 73 of 76 trained". */
export const groupName = (group: Group): string =>
  `${group.turn < 0 ? 'Before turn 1' : `Turn ${group.turn + 1}, ${group.role}`}, ${groupNote(group)}`;

/** "system 36 % · user 10 %", in the order of the row. */
export const roleShares = (perRole: Readonly<Record<string, number>>, tokens: number): string =>
  Object.entries(perRole)
    .map(([role, n]) => `${role} ${percent(n, tokens)}`)
    .join(' · ');

/** What the context bar tells a person who cannot see it. */
export function contextSentence(counts: Counts, maxLength: number, perRole: Readonly<Record<string, number>>): string {
  const cut = counts.truncated > 0 ? `${number(counts.truncated)} cut` : 'none cut';
  const shares = roleShares(perRole, counts.tokens);
  return `Context window: ${counted(counts.tokens, 'token')}, ${number(counts.trained)} trained, ${cut} at ${number(maxLength)}.${shares ? ` ${shares}.` : ''}`;
}

/** The end of the figures line: how much of max length is used. */
export const fill = (counts: Counts, maxLength: number): string =>
  counts.truncated > 0
    ? `longer than max length ${number(maxLength)}`
    : `${percent(counts.tokens, maxLength)} of ${number(maxLength)}`;

/** Tokens that can train at all: those inside max length. */
export const inside = (counts: Counts): number => counts.tokens - counts.truncated;

/** Time since, in words. Milliseconds. */
export function ago(elapsed: number): string {
  const seconds = Math.round(elapsed / 1000);
  if (seconds < 1) return 'just now';
  if (seconds < 60) return `from ${seconds} s ago`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `from ${minutes} min ago` : `from ${Math.round(minutes / 60)} h ago`;
}

/** `4.1 of 11.4 MB` as a share from 0 to 1; null where the sentence names no progress. */
export function progressOf(what: string): number | null {
  const match = /([\d.,]+)\s*(?:[kKMG]i?B)?\s+of\s+([\d.,]+)/.exec(what);
  if (!match) return null;
  const [done, all] = [match[1], match[2]].map((text) => Number((text ?? '').replaceAll(',', '')));
  return done !== undefined && all !== undefined && all > 0 && Number.isFinite(done / all)
    ? Math.min(1, done / all)
    : null;
}
