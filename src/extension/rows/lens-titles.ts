import type { DatasetTotals } from '../../core/dataset.ts';
import { count, counted, percent, short } from './words.ts';

/** Titles of the lens on line 1: how far the check is, then what it found. */
export function lensTitles(totals: DatasetTotals): { readonly totals: string; readonly problems: string | null } {
  const parts = [counted(totals.rows, 'row')];
  if (totals.checked < totals.rows) parts.push(`${count(totals.checked)} checked`);
  else if (totals.rows > 0) {
    parts.push(`${short(totals.tokens)} ${totals.tokens === 1 ? 'token' : 'tokens'}`);
    parts.push(`${percent(totals.trained, totals.tokens)} trained`);
  }
  const { error, warning } = totals.problems;
  const problems = [
    ...(error > 0 ? [counted(error, 'error')] : []),
    ...(error === 0 && warning > 0 ? [counted(warning, 'warning')] : []),
  ];
  return { totals: parts.join(' · '), problems: problems[0] ?? null };
}
