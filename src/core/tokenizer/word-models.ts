import { widthAt } from './aligned.ts';
import { idAt, type JsonObject, stringAt } from './json.ts';
import type { PieceModel, PieceTokens } from './spans.ts';
import { unknownUnknown, type Vocabulary } from './vocabulary.ts';

/** WordPiece: the longest known start, again and again; a word that cannot be covered is one unknown token (models/wordpiece/mod.rs). */
export function wordPiece(model: JsonObject, vocabulary: Vocabulary): PieceModel {
  const unknown = unknownOf(model, vocabulary);
  const prefix = stringAt(model['continuing_subword_prefix'], 'model.continuing_subword_prefix');
  const limit = idAt(model['max_input_chars_per_word'], 'model.max_input_chars_per_word');
  /** No token is longer than so many units: what is longer need not be looked up. */
  let longest = 1;
  for (const token of vocabulary.tokens()) longest = Math.max(longest, token.length);
  return { tokenize, safeCuts: null };

  function tokenize(piece: string): PieceTokens {
    if (countChars(piece) > limit) return unknown(piece);
    const triples: number[] = [];
    for (let start = 0; start < piece.length; ) {
      let end = Math.min(piece.length, start + longest);
      let id: number | undefined;
      while (end > start) {
        const part = piece.slice(start, end);
        id = vocabulary.idOf(start > 0 ? prefix + part : part);
        if (id !== undefined) break;
        end -= (piece.charCodeAt(end - 1) & 0xfc00) === 0xdc00 && end - start > 1 ? 2 : 1;
      }
      if (id === undefined) return unknown(piece);
      triples.push(id, start, end);
      start = end;
    }
    return Int32Array.from(triples);
  }
}

/** WordLevel: a piece is a token or unknown (models/wordlevel/mod.rs). */
export function wordLevel(model: JsonObject, vocabulary: Vocabulary): PieceModel {
  const unknown = unknownOf(model, vocabulary);
  return { safeCuts: null, tokenize: (piece) => vocabulary.idOf(piece) ?? unknown(piece) };
}

function unknownOf(model: JsonObject, vocabulary: Vocabulary): (text: string) => number {
  const token = stringAt(model['unk_token'], 'model.unk_token');
  const id = vocabulary.idOf(token);
  return (text) => {
    if (id === undefined) throw unknownUnknown(token, text);
    return id;
  };
}

function countChars(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i += widthAt(text, i)) count++;
  return count;
}
