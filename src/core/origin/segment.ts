import type { Pointer, Range } from '../jsonl/value.ts';

/**
 * Where a stretch of rendered text came from.
 *  copy      the characters are the source's, one to one
 *  changed   made from those source characters (escape, case, parsed number); one to one where the lengths agree
 *  whole     stands for the value as a whole: a number, True, a quote, a brace (length 0)
 *  template  the template's own text (pointer null)
 */
export type How = 'copy' | 'changed' | 'whole' | 'template';

export interface Segment {
  /** UTF-16 units of the rendered text. */
  readonly start: number;
  readonly end: number;
  /** Pointer in the *conversation* (`/messages/0/content`) after render, in the *row* after `toRow`. */
  readonly pointer: Pointer | null;
  /** It is the member's name, not its value. */
  readonly key: boolean;
  /** UTF-16 units of the decoded source string. */
  readonly offset: number;
  readonly length: number;
  readonly how: How;
}

/** A place where an empty value was printed: an empty answer still has its place. */
export interface Anchor {
  readonly at: number;
  readonly pointer: Pointer;
  readonly key: boolean;
  readonly offset: number;
}

/** The text of a conversation with the origin of every character. Segments cover `[0, text.length)` without a gap. */
export interface Rendering {
  readonly text: string;
  readonly segments: readonly Segment[];
  readonly anchors: readonly Anchor[];
  /** `{% generation %}` spans, UTF-16 units, in print order. Null when the template has no such block. */
  readonly generation: readonly Range[] | null;
}
