import { widthAt } from './aligned.ts';

/**
 * The tokens of one piece: a single id that stands for all of it, or flat triples id, start, end
 * (UTF-16 units from the piece's start).
 */
export type PieceTokens = number | Int32Array;

/** The model of a tokenizer: pieces of text to tokens. */
export interface PieceModel {
  tokenize(piece: string): PieceTokens;
  /** Units where `text` may be cut without changing its tokens, so that long texts meet the cache; null: nowhere. */
  readonly safeCuts: ((text: string) => number[]) | null;
}

/**
 * Byte lengths of consecutive tokens as triples. A token that starts or ends inside a character gets the whole
 * character, as Rust's byte offsets do when they are converted.
 */
export function triplesOfByteLengths(
  piece: string,
  byteLength: number,
  ids: Int32Array,
  lengths: Int32Array,
  count: number,
): Int32Array {
  const triples = new Int32Array(3 * count);
  if (byteLength === piece.length) {
    for (let i = 0, at = 0; i < count; i++) {
      triples[3 * i] = ids[i]!;
      triples[3 * i + 1] = at;
      at += lengths[i]!;
      triples[3 * i + 2] = at;
    }
    return triples;
  }
  const { starts, ends } = unitsOfBytes(piece, byteLength);
  for (let i = 0, at = 0; i < count; i++) {
    triples[3 * i] = ids[i]!;
    triples[3 * i + 1] = starts[at] ?? piece.length;
    at += lengths[i]!;
    triples[3 * i + 2] = ends[at - 1] ?? piece.length;
  }
  return triples;
}

/** Tokens with spans in bytes, as spans in units. */
export function triplesOfBytes(piece: string, byteLength: number, tokens: PieceTokens): PieceTokens {
  if (typeof tokens === 'number' || byteLength === piece.length) return tokens;
  const { starts, ends } = unitsOfBytes(piece, byteLength);
  return tokens.map((value, i) => {
    if (i % 3 === 0) return value;
    return (i % 3 === 1 ? starts[value] : ends[value - 1]) ?? piece.length;
  });
}

/** For every UTF-8 byte the units where its character starts and ends. */
function unitsOfBytes(piece: string, byteLength: number): { starts: Int32Array; ends: Int32Array } {
  const starts = new Int32Array(byteLength);
  const ends = new Int32Array(byteLength);
  for (let unit = 0, byte = 0; unit < piece.length; ) {
    const width = widthAt(piece, unit);
    const code = piece.charCodeAt(unit);
    const bytes = width === 2 ? 4 : code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
    starts.fill(unit, byte, byte + bytes);
    ends.fill(unit + width, byte, byte + bytes);
    byte += bytes;
    unit += width;
  }
  return { starts, ends };
}
