import { readJson } from './read-json.ts';
import type { FileShape, RowSlices } from './row-slices.ts';
import { skipSpace, skipString } from './scan.ts';
import type { Range } from './value.ts';

const LF = 0x0a;
const CR = 0x0d;
const COMMA = 0x2c;
const BOM = 0xfeff;

/** Offsets that grow; a plain array of numbers costs four times as much for a file of many rows. */
class Offsets {
  length = 0;
  #data = new Int32Array(1024);

  push(offset: number): void {
    if (this.length === this.#data.length) {
      const grown = new Int32Array(this.length * 2);
      grown.set(this.#data);
      this.#data = grown;
    }
    this.#data[this.length++] = offset;
  }

  done(): Int32Array {
    return this.#data.slice(0, this.length);
  }
}

const start = (text: string): number => (text.charCodeAt(0) === BOM ? 1 : 0);

/**
 * `array` when the first character that is not white space is `[` and its first element is an object (or it has no
 * element and nothing follows it): a JSONL line that is a list would be no row anyway. Also where the first object goes on
 * over its line's end and the next line does not begin another.
 */
export function shapeOf(text: string): FileShape {
  const open = skipSpace(text, start(text));
  if (text[open] === '{') return goesOn(text, open) ? 'array' : 'lines';
  if (text[open] !== '[') return 'lines';
  const first = skipSpace(text, open + 1);
  if (text[first] === '{') return 'array';
  return text[first] === ']' && skipSpace(text, first + 1) >= text.length ? 'array' : 'lines';
}

/** Whether the line of `open` ends inside an object that the next line goes on with. */
function goesOn(text: string, open: number): boolean {
  const newline = text.indexOf('\n', open);
  if (newline === -1) return false;
  const next = text[skipSpace(text, newline)];
  if (next !== '"' && next !== '}') return false;
  const line = text.slice(open, newline).trimEnd();
  const { failure } = readJson(line);
  return failure !== null && failure.at >= line.length;
}

/** Where the rows of a file's text are. Linear; the text is not parsed. */
export function sliceRows(text: string, shape: FileShape = shapeOf(text)): RowSlices {
  return shape === 'array' ? sliceArray(text) : sliceLines(text);
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x09 || code === CR || code === LF;

function sliceLines(text: string): RowSlices {
  const starts = new Offsets();
  const ends = new Offsets();
  const lines = new Offsets();
  let line = 0;
  for (let from = start(text); from < text.length; line++) {
    // Only LF ends a row, as in every trainer's reader: U+2028 and a lone CR may stand in a row.
    const newline = text.indexOf('\n', from);
    const lineEnd = newline === -1 ? text.length : newline;
    const end = text.charCodeAt(lineEnd - 1) === CR && lineEnd > from ? lineEnd - 1 : lineEnd;
    let first = from;
    while (first < end && isSpace(text.charCodeAt(first))) first++;
    if (first < end) {
      starts.push(from);
      ends.push(end);
      lines.push(line);
    }
    from = lineEnd + 1;
  }
  return { shape: 'lines', starts: starts.done(), ends: ends.done(), lines: lines.done(), problems: [] };
}

/** A place as people count: line and column from 1, UTF-16 units. */
function place(text: string, offset: number): string {
  let line = 1;
  let from = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', from)) {
    line++;
    from = at + 1;
  }
  return `line ${line}, column ${offset - from + 1}`;
}

/** A file with more problems than this is no list of rows; each costs counting its lines. */
const MAX_PROBLEMS = 50;

/** A row of an array ends at the comma or bracket of depth 0, so that a broken row stays one row and the rest is read on. */
function sliceArray(text: string): RowSlices {
  const starts = new Offsets();
  const ends = new Offsets();
  const lines = new Offsets();
  const problems: { message: string; range: Range }[] = [];
  const report = (message: (where: string) => string, from: number, to: number, at = from): void => {
    if (problems.length < MAX_PROBLEMS) problems.push({ message: message(place(text, at)), range: [from, to] });
  };
  let counted = 0;
  let line = 0;
  const lineOf = (offset: number): number => {
    for (let at = text.indexOf('\n', counted); at !== -1 && at < offset; at = text.indexOf('\n', counted)) {
      line++;
      counted = at + 1;
    }
    return line;
  };

  let at = skipSpace(text, start(text));
  const bare = text[at] !== '[';
  if (!bare) at++;
  let closed = false;
  let comma = -1;
  while (!closed) {
    at = skipSpace(text, at);
    if (at >= text.length) break;
    const code = text.charCodeAt(at);
    if (code === 0x5d && !bare) {
      if (comma !== -1) report((where) => `A comma stands before \`]\`, ${where}. Remove it.`, comma, comma + 1);
      closed = true;
      at++;
      break;
    }
    if (code === COMMA) {
      report((where) => `A row is missing before \`,\`, ${where}. Remove the comma.`, at, at + 1);
      comma = at++;
      continue;
    }
    if (starts.length > 0 && comma === -1 && !bare)
      report((where) => `A comma is missing before this row, ${where}. Insert one.`, at, at + 1);
    const end = elementEnd(text, at);
    if (end <= at) {
      const stray = text[at];
      report((where) => `\`${stray}\` closes nothing, ${where}. Remove it.`, at, at + 1);
      at++;
      continue;
    }
    lines.push(lineOf(at));
    starts.push(at);
    ends.push(end);
    at = skipSpace(text, end);
    comma = -1;
    if (text.charCodeAt(at) === COMMA) comma = at++;
  }
  if (bare) return { shape: 'array', starts: starts.done(), ends: ends.done(), lines: lines.done(), problems };
  if (!closed) {
    const end = text.trimEnd().length;
    report(
      (where) => `The list of rows has no closing \`]\`. Add it at the end, ${where}.`,
      Math.max(0, end - 1),
      end,
      end,
    );
  } else {
    const rest = skipSpace(text, at);
    if (rest < text.length)
      report((where) => `Text follows the closing \`]\`, ${where}. Remove it.`, rest, text.trimEnd().length);
  }
  return { shape: 'array', starts: starts.done(), ends: ends.done(), lines: lines.done(), problems };
}

/**
 * End of the element at `from`: after its closing bracket, or before the next comma or bracket at depth 0. A string holds no
 * line break, so a lost quote costs one line; a lost bracket costs the row, if the next one begins a line as this one did.
 */
function elementEnd(text: string, from: number): number {
  const open: number[] = [];
  let lineEnd = -1;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) {
      if (lineEnd < i) {
        lineEnd = text.indexOf('\n', i);
        if (lineEnd === -1) lineEnd = text.length;
      }
      const end = skipString(text, i);
      i = end === -1 || end > lineEnd ? lineEnd - 1 : end - 1;
    } else if (code === 0x7b || code === 0x5b) open.push(code);
    else if (code === COMMA) {
      if (open.length === 0) return trimmed(text, from, i);
    } else if (code === 0x7d || code === 0x5d) {
      if (open.length === 0) return trimmed(text, from, i);
      // The closing bracket is two after the opening one, in ASCII.
      const match = open.lastIndexOf(code - 2);
      if (match !== open.length - 1) {
        const next = beforeNextRow(text, from);
        if (next !== -1) return next;
        if (match === -1) return trimmed(text, from, i);
      }
      open.length = match;
      if (match === 0) return i + 1;
    }
  }
  const next = beforeNextRow(text, from);
  return next === -1 ? trimmed(text, from, text.length) : next;
}

/** For a broken element that begins a line: where the next line that begins so ends it; -1 when there is none. */
function beforeNextRow(text: string, from: number): number {
  let lineStart = from;
  while (text.charCodeAt(lineStart - 1) === 0x20 || text.charCodeAt(lineStart - 1) === 0x09) lineStart--;
  if (lineStart > 0 && text.charCodeAt(lineStart - 1) !== LF) return -1;
  const next = text.indexOf(`\n${text.slice(lineStart, from)}{`, from);
  if (next === -1) return -1;
  const end = trimmed(text, from, next);
  return text.charCodeAt(end - 1) === COMMA ? end - 1 : end;
}

function trimmed(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && isSpace(text.charCodeAt(end - 1))) end--;
  return end;
}
