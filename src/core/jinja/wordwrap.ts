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
  const chunks = (line.match(breakOnHyphens ? CHUNKS : SIMPLE) ?? []).reverse().map((text) => new Chunk(text));
  const lines: string[] = [];
  while (chunks.length > 0) {
    const current: string[] = [];
    let size = 0;
    if (lines.length > 0 && chunks.at(-1)!.isBlank) chunks.pop();
    while (chunks.length > 0 && size + chunks.at(-1)!.length <= width) {
      const chunk = chunks.pop()!;
      current.push(chunk.text);
      size += chunk.length;
    }
    const long = chunks.at(-1);
    if (long !== undefined && long.length > width) {
      if (breakLongWords) current.push(long.take(width - size, breakOnHyphens));
      else if (current.length === 0) current.push(chunks.pop()!.text);
    }
    if (current.length > 0 && isBlank(current.at(-1)!)) current.pop();
    if (current.length > 0) lines.push(current.join(''));
  }
  return lines;
}

/** A word or what is left of it, or white space. A long word is cut many times: it is spread out once for all of them. */
class Chunk {
  private readonly whole: string;
  private points: readonly string[] | null = null;
  private from = 0;
  /** Code points. */
  length: number;

  constructor(text: string) {
    this.whole = text;
    this.length = codePointLength(text);
  }

  get text(): string {
    return this.points === null ? this.whole : this.points.slice(this.from).join('');
  }

  get isBlank(): boolean {
    return isBlank(this.points === null ? this.whole : (this.points[this.from] ?? '')) && isBlank(this.text);
  }

  /** Cuts off what goes on a line with `room` left: up to the last hyphen there where it has one. */
  take(room: number, breakOnHyphens: boolean): string {
    this.points ??= Array.from(this.whole);
    const part = this.points.slice(this.from, this.from + room);
    const hyphen = breakOnHyphens ? part.lastIndexOf('-') : -1;
    if (hyphen > 0 && part.slice(0, hyphen).some((c) => c !== '-')) part.length = hyphen + 1;
    this.from += part.length;
    this.length -= part.length;
    return part.join('');
  }
}
