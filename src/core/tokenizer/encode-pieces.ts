import type { Encoding, Tokenizer } from './encoding.ts';

/** A stretch `[start, end)` of a text, UTF-16 units. */
export interface EncodedPiece {
  readonly start: number;
  readonly end: number;
  /** Ordinary text, whatever token it spells. */
  readonly asText: boolean;
}

/** A control token that the tokenizer makes of ordinary text, too. */
export class NotSanitized extends Error {
  readonly token: string;
  constructor(token: string) {
    super(`Can't sanitize ${JSON.stringify(token)}: the tokenizer produces it from plain text`);
    this.name = 'NotSanitized';
    this.token = token;
  }
}

/**
 * `encode_marked_chat` of transformers 5.20 to 5.23: each piece is encoded by itself, all but the first behind a line break
 * that is taken off again, so that SentencePiece adds no space. Pieces cover the text in order; empty ones do nothing.
 *
 * @throws NotSanitized
 */
export function encodePieces(tokenizer: Tokenizer, text: string, pieces: readonly EncodedPiece[]): Encoding {
  const newline = tokenizer.encode('\n').ids;
  const ids: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const add = (encoding: Encoding, skip: number, shift: number, piece: EncodedPiece): void => {
    for (let i = skip; i < encoding.ids.length; i++) {
      ids.push(encoding.ids[i]!);
      starts.push(Math.max(piece.start, encoding.starts[i]! + shift));
      ends.push(Math.max(piece.start, encoding.ends[i]! + shift));
    }
  };
  pieces.forEach((piece, index) => {
    const { start, end, asText } = piece;
    const source = text.slice(start, end);
    if (index === 0) {
      add(tokenizer.encode(source), 0, start, piece);
      return;
    }
    if (source === '') return;
    const encode = (given: string): Encoding => tokenizer.encode(given, { addedTokens: !asText });
    const behind = encode(`\n${source}`);
    const from = ids.length;
    if (newline.every((id, i) => behind.ids[i] === id)) add(behind, newline.length, start - 1, piece);
    else add(encode(source), 0, start, piece);
    if (!asText) return;
    const own = tokenizer.addedTokens.find(({ content }) => content === source)?.id;
    if (own !== undefined && ids.indexOf(own, from) >= 0) throw new NotSanitized(source);
  });
  return { ids: Int32Array.from(ids), starts: Int32Array.from(starts), ends: Int32Array.from(ends) };
}
