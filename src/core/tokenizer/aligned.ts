/**
 * A text on its way through normalizers and pre-tokenizers, with the original span of each of its UTF-16 units.
 * The rules follow `NormalizedString` of tokenizers 0.23 (tokenizer/normalizer.rs); there the unit is the UTF-8 byte.
 *
 * Most texts are not changed at all, so the spans are written out only where they must be: without `starts` and `ends`
 * unit `u` stands for the original unit `origin + u - inserted`.
 */
export interface Aligned {
  readonly text: string;
  /** UTF-16 unit of the original where this text begins. */
  readonly origin: number;
  /** This many units at the front were inserted; they share the span of the first original character. */
  readonly inserted: number;
  /** Units of the first original character; counts only where something is inserted. */
  readonly headWidth: number;
  readonly starts: Int32Array | null;
  readonly ends: Int32Array | null;
}

export function untouched(text: string, origin: number): Aligned {
  return { text, origin, inserted: 0, headWidth: 0, starts: null, ends: null };
}

/** Units of the character at `index`: 2 for a surrogate pair, else 1. */
export function widthAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if ((code & 0xfc00) !== 0xd800 || index + 1 >= text.length) return 1;
  return (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00 ? 2 : 1;
}

/** Original start of the character at unit `index`. */
export function originalStart(aligned: Aligned, index: number): number {
  if (aligned.starts !== null) return aligned.starts[index] ?? aligned.origin;
  return aligned.origin + (index <= aligned.inserted ? 0 : index - aligned.inserted);
}

/** Original end of what stops before unit `index` (> 0). */
export function originalEnd(aligned: Aligned, index: number): number {
  if (aligned.ends !== null) return aligned.ends[index - 1] ?? aligned.origin;
  if (index <= aligned.inserted) return aligned.origin + aligned.headWidth;
  return aligned.origin + index - aligned.inserted;
}

/** The same text with its spans written out. */
export function spelledOut(aligned: Aligned): Aligned & { starts: Int32Array; ends: Int32Array } {
  const { starts, ends, text } = aligned;
  if (starts !== null && ends !== null) return { ...aligned, starts, ends };
  const length = text.length;
  const from = new Int32Array(length);
  const to = new Int32Array(length);
  for (let i = 0; i < length; ) {
    // Both halves of a surrogate pair carry the span of the whole character.
    const stop = i + (i < aligned.inserted ? 1 : widthAt(text, i));
    const start = originalStart(aligned, i);
    const end = originalEnd(aligned, stop);
    for (; i < stop; i++) {
      from[i] = start;
      to[i] = end;
    }
  }
  return { text, origin: aligned.origin, inserted: 0, headWidth: 0, starts: from, ends: to };
}

/** The part from unit `from` up to `to`, as a text of its own. */
export function slice(aligned: Aligned, from: number, to: number): Aligned {
  if (from === 0 && to === aligned.text.length) return aligned;
  const text = aligned.text.slice(from, to);
  if (aligned.starts === null) {
    if (from === 0) return { ...aligned, text };
    if (from >= aligned.inserted) return untouched(text, aligned.origin + from - aligned.inserted);
  }
  const { starts, ends } = spelledOut(aligned);
  return {
    text,
    origin: starts[from] ?? aligned.origin,
    inserted: 0,
    headWidth: 0,
    starts: starts.subarray(from, to),
    ends: ends.subarray(from, to),
  };
}

/** `prefix` in front; an empty text stays empty. */
export function prepended(aligned: Aligned, prefix: string): Aligned {
  const { text } = aligned;
  if (text === '' || prefix === '') return aligned;
  if (aligned.starts === null && aligned.inserted === 0)
    return { ...aligned, text: prefix + text, inserted: prefix.length, headWidth: widthAt(text, 0) };
  const { starts, ends, origin } = spelledOut(aligned);
  return {
    text: prefix + text,
    origin,
    inserted: 0,
    headWidth: 0,
    starts: withFront(starts, prefix.length),
    ends: withFront(ends, prefix.length),
  };
}

function withFront(values: Int32Array, count: number): Int32Array {
  const result = new Int32Array(values.length + count).fill(values[0] ?? 0, 0, count);
  result.set(values, count);
  return result;
}

/** The same text with other characters of the same widths. */
export function rewritten(aligned: Aligned, text: string): Aligned {
  return { ...aligned, text };
}

/** Collects a new text piece by piece together with its spans. */
export interface AlignedBuilder {
  /** Adds `text`, all of it standing for the original span. */
  add(text: string, start: number, end: number): void;
  /** Adds units `from` to `to` of the source with their own spans. */
  copy(from: number, to: number): void;
  build(): Aligned;
}

export function rebuild(
  source: Aligned,
): AlignedBuilder & { readonly source: { starts: Int32Array; ends: Int32Array } } {
  const spelled = spelledOut(source);
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  return {
    source: spelled,
    add(text, start, end) {
      parts.push(text);
      for (let i = 0; i < text.length; i++) {
        starts.push(start);
        ends.push(end);
      }
    },
    copy(from, to) {
      parts.push(source.text.slice(from, to));
      for (let i = from; i < to; i++) {
        starts.push(spelled.starts[i]!);
        ends.push(spelled.ends[i]!);
      }
    },
    build: () => ({
      text: parts.join(''),
      origin: source.origin,
      inserted: 0,
      headWidth: 0,
      starts: Int32Array.from(starts),
      ends: Int32Array.from(ends),
    }),
  };
}

/** One character of a transformation: see `transformed`. */
export interface Change {
  readonly char: string;
  /** 0 replaces the next source character, 1 is new (shares the span of the one before), -n also drops the n that follow. */
  readonly change: number;
}

/** `NormalizedString::transform`: `removed` source characters are dropped first, then each change is applied in turn. */
export function transformed(aligned: Aligned, changes: Iterable<Change>, removed = 0): Aligned {
  const { text } = aligned;
  const builder = rebuild(aligned);
  const { starts, ends } = builder.source;
  let at = 0;
  const skip = (count: number) => {
    for (let i = 0; i < count && at < text.length; i++) at += widthAt(text, at);
  };
  skip(removed);
  for (const { char, change } of changes) {
    const unit = change > 0 ? at - 1 : at;
    const start = starts[unit] ?? aligned.origin;
    const end = ends[unit] ?? aligned.origin;
    if (change <= 0) skip(1 - change);
    builder.add(char, start, end);
  }
  return builder.build();
}
