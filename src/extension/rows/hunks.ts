import type { TextChange } from './text-source.ts';

/** Lines `[oldStart, oldStart + oldCount)` of before are lines `[newStart, newStart + newCount)` of now. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
}

/** Beyond this many places (a replace-all), one hunk from the first to the last is cheaper than many splices. */
const MAX_HUNKS = 64;

const lineBreaks = (text: string): number => {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) count++;
    else if (code === 13) {
      count++;
      if (text.charCodeAt(at + 1) === 10) at++;
    }
  }
  return count;
};

/** Changed lines in ascending order. `changes` are of one event: all in coordinates of before, none overlapping. */
export function hunksOf(changes: readonly TextChange[]): readonly Hunk[] {
  const sorted = [...changes].sort((a, b) => a.rangeOffset - b.rangeOffset);
  const hunks: Hunk[] = [];
  let shift = 0;
  for (const { range, text } of sorted) {
    const oldCount = range.end.line - range.start.line + 1;
    const newCount = lineBreaks(text) + 1;
    const last = hunks.at(-1);
    if (last !== undefined && range.start.line < last.oldStart + last.oldCount) {
      // On a line of the change before: one hunk of both.
      const overlap = last.oldStart + last.oldCount - range.start.line;
      hunks[hunks.length - 1] = {
        ...last,
        oldCount: last.oldCount + oldCount - overlap,
        newCount: last.newCount + newCount - overlap,
      };
    } else {
      hunks.push({ oldStart: range.start.line, oldCount, newStart: range.start.line + shift, newCount });
    }
    shift += newCount - oldCount;
  }
  const first = hunks[0];
  const last = hunks.at(-1);
  if (first === undefined || last === undefined || hunks.length <= MAX_HUNKS) return hunks;
  return [
    {
      oldStart: first.oldStart,
      oldCount: last.oldStart + last.oldCount - first.oldStart,
      newStart: first.newStart,
      newCount: last.newStart + last.newCount - first.newStart,
    },
  ];
}
