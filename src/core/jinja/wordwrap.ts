import { fail } from './errors.ts';
import { codePointLength } from './operators.ts';

const SPACE = '[\\t\\n\\v\\f\\r ]';
const NO_SPACE = '[^\\t\\n\\v\\f\\r ]';
const WORD = '[\\p{L}\\p{N}_]';
const LETTER = '[\\p{L}\\p{Nl}\\p{No}_]';
const PUNCTUATION = `[\\p{L}\\p{N}_!"'&.,?]`;

/** textwrap's chunks: white space, dashes between words, words that may break after a hyphen. */
const CHUNKS = new RegExp(
  `${SPACE}+|(?<=${PUNCTUATION})-{2,}(?=${WORD})|` +
    `${NO_SPACE}+?(?:-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${LETTER}-))(?=${LETTER}-?${LETTER})|` +
    `(?=${SPACE}|$)|(?<=${PUNCTUATION})(?=-{2,}${WORD}))`,
  'gu',
);
const SIMPLE = new RegExp(`${SPACE}+|${NO_SPACE}+`, 'gu');

const isBlank = (value: string): boolean => /^[\s\x1c-\x1f\x85]*$/.test(value);

export interface WrapStyle {
  /** Code points; asked for where there is a line. */
  readonly width: () => number;
  readonly breakLongWords: boolean;
  readonly breakOnHyphens: boolean;
}

/** Python's `textwrap.wrap` of one line, with white space left as it is. */
export function wrap(line: string, { width: widthOf, breakLongWords, breakOnHyphens }: WrapStyle): string[] {
  const width = widthOf();
  if (width <= 0) fail(`invalid width ${width} (must be > 0)`);
  const chunks = (line.match(breakOnHyphens ? CHUNKS : SIMPLE) ?? []).reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    const current: string[] = [];
    let size = 0;
    if (lines.length > 0 && isBlank(chunks.at(-1)!)) chunks.pop();
    while (chunks.length > 0 && size + codePointLength(chunks.at(-1)!) <= width) {
      const chunk = chunks.pop()!;
      current.push(chunk);
      size += codePointLength(chunk);
    }
    if (chunks.length > 0 && codePointLength(chunks.at(-1)!) > width) {
      if (breakLongWords) {
        const points = Array.from(chunks.pop()!);
        const end = breakAt(points, width - size, breakOnHyphens);
        current.push(points.slice(0, end).join(''));
        chunks.push(points.slice(end).join(''));
      } else if (current.length === 0) current.push(chunks.pop()!);
    }
    if (current.length > 0 && isBlank(current.at(-1)!)) current.pop();
    if (current.length > 0) lines.push(current.join(''));
  }
  return lines;
}

/** How much of a long word goes on the line: up to its last hyphen where it has one. */
function breakAt(points: readonly string[], room: number, breakOnHyphens: boolean): number {
  if (!breakOnHyphens || points.length <= room) return room;
  const hyphen = points.slice(0, Math.max(0, room)).lastIndexOf('-');
  return hyphen > 0 && points.slice(0, hyphen).some((c) => c !== '-') ? hyphen + 1 : room;
}
