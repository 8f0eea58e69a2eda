import type { Float, Pointer } from '../jsonl/value.ts';

/**
 * Values that remember where they came from. A traced value holds its bare value and a *recipe*, a node of a small DAG,
 * not a list of segments: an operation on it costs O(1) (or O(pieces)), and only what is really printed is resolved,
 * once, by `segmentsOf`. Template text stays a plain string: no origin costs nothing.
 */
export type Scalar = null | boolean | number | bigint | Float | string;

export abstract class TracedBase {
  readonly value: Scalar;
  constructor(value: Scalar) {
    this.value = value;
  }
}

/** `value` is `source[offset, offset + value.length)`, or a scalar that is printed as a whole. */
export class Source extends TracedBase {
  readonly kind = 'source';
  readonly pointer: Pointer;
  /** UTF-16 units of the decoded source string. */
  readonly offset: number;
  /** The text is the member's name, not its value. */
  readonly isKey: boolean;
  constructor(value: Scalar, pointer: Pointer, offset: number, isKey: boolean) {
    super(value);
    this.pointer = pointer;
    this.offset = offset;
    this.isKey = isKey;
  }
}

/** `value` is made of traced pieces at the marked positions; the rest is template text. */
export class Pieces extends TracedBase {
  readonly kind = 'pieces';
  declare readonly value: string;
  readonly marks: readonly Mark[];
  /** The resolved pieces, kept where one long text is cut many times. */
  resolved: readonly unknown[] | null = null;
  constructor(value: string, marks: readonly Mark[]) {
    super(value);
    this.marks = marks;
  }
}

/** `value === of.value.slice(at, at + value.length)` */
export class Slice extends TracedBase {
  readonly kind = 'slice';
  declare readonly value: string;
  readonly of: TracedText;
  readonly at: number;
  constructor(value: string, of: TracedText, at: number) {
    super(value);
    this.of = of;
    this.at = at;
  }
}

/** `value.length === of.value.length`, and character i was made from character i (upper, lower, title). */
export class Recased extends TracedBase {
  readonly kind = 'recased';
  declare readonly value: string;
  readonly of: TracedText;
  constructor(value: string, of: TracedText) {
    super(value);
    this.of = of;
  }
}

/** All of `value` was made from `of.value[at, at + length)`: an escape, a printed number, a quote (length 0). */
export class Made extends TracedBase {
  readonly kind = 'made';
  readonly of: Traced;
  readonly at: number;
  readonly length: number;
  constructor(value: Scalar, of: Traced, at: number, length: number) {
    super(value);
    this.of = of;
    this.at = at;
    this.length = length;
  }
}

export type Traced = Source | Pieces | Slice | Recased | Made;
export type TracedText = Traced & { readonly value: string };
/** A string of the template, or one that knows where it came from. */
export type Text = string | TracedText;

/** A traced piece of a text, and where it begins in that text (UTF-16 units). */
export interface Mark {
  readonly at: number;
  readonly piece: TracedText;
}

export const isText = (x: unknown): x is Text =>
  typeof x === 'string' || (x instanceof TracedBase && typeof x.value === 'string');

/** The bare string. */
export const plain = (text: Text): string => (typeof text === 'string' ? text : text.value);

/** `text[from, to)` in UTF-16 units, with its origin. */
export function cut(text: Text, from: number, to: number): Text {
  if (typeof text === 'string') return text.slice(from, to);
  if (from === 0 && to >= text.value.length) return text;
  const value = text.value.slice(from, to);
  // A part of a source string is a source string, and a part of a part a part of the whole: chains never grow.
  if (text.kind === 'source') return new Source(value, text.pointer, text.offset + from, text.isKey) as TracedText;
  if (text.kind === 'slice') return new Slice(value, text.of, text.at + from);
  return new Slice(value, text, from);
}

/** `value` as something made from `of[at, at + length)`; stays bare where `of` has no origin. */
export function made(value: string, of: unknown, at = 0, length = 0): Text {
  return of instanceof TracedBase ? (new Made(value, of as Traced, at, length) as TracedText) : value;
}

/** The same characters in another case; `value` is what Python's method gives for the whole string. */
export function recased(text: Text, value: string): Text {
  if (typeof text === 'string') return value;
  if (value === text.value) return text;
  if (value.length === text.value.length) return new Recased(value, text);
  return recasedByCharacter(text, value) ?? made(value, text, 0, text.value.length);
}

/** 'ß' becomes 'SS': lengths differ, so each code point is mapped alone, which holds when the pieces join to `value`. */
function recasedByCharacter(text: TracedText, value: string): Text | null {
  const upper = value === text.value.toUpperCase();
  const out = new TextWriter();
  let at = 0;
  for (const character of text.value) {
    const mapped = upper ? character.toUpperCase() : character.toLowerCase();
    const end = at + character.length;
    out.write(mapped === character ? cut(text, at, end) : made(mapped, text, at, character.length));
    at = end;
  }
  return out.text === value ? out.value() : null;
}

/** The one writer of text: `text` is always the plain text, `marks` remembers the traced pieces. */
export class TextWriter {
  text = '';
  marks: Mark[] | null = null;

  write(text: Text): void {
    if (typeof text === 'string') this.text += text;
    else {
      // An empty traced piece is kept too: an empty answer still has its place.
      if (this.marks === null) this.marks = [];
      this.marks.push({ at: this.text.length, piece: text });
      this.text += text.value;
    }
  }

  value(): Text {
    const { text, marks } = this;
    if (marks === null) return text;
    const first = marks[0]!;
    if (marks.length === 1 && first.at === 0 && first.piece.value.length === text.length) return first.piece;
    return new Pieces(text, marks);
  }
}

export function concat(a: Text, b: Text): Text {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  const out = new TextWriter();
  out.write(a);
  out.write(b);
  return out.value();
}
