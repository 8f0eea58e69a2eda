import { widthAt } from './aligned.ts';
import { TokenizerError } from './errors.ts';
import type { JsonObject } from './json.ts';
import type { PieceModel, PieceTokens } from './spans.ts';
import { requiredId, type Vocabulary } from './vocabulary.ts';

/** WordPiece: the longest known start, again and again; a word that cannot be covered is one unknown token (models/wordpiece/mod.rs). */
export function wordPiece(model: JsonObject, vocabulary: Vocabulary): PieceModel {
  const unknownToken = typeof model['unk_token'] === 'string' ? model['unk_token'] : '[UNK]';
  const prefix = typeof model['continuing_subword_prefix'] === 'string' ? model['continuing_subword_prefix'] : '##';
  const limit = typeof model['max_input_chars_per_word'] === 'number' ? model['max_input_chars_per_word'] : 100;
  const unknown = requiredId(vocabulary, unknownToken, 'model.unk_token');
  return { tokenize, safeCuts: null };

  function tokenize(piece: string): PieceTokens {
    if (countChars(piece) > limit) return unknown;
    const triples: number[] = [];
    for (let start = 0; start < piece.length; ) {
      let end = piece.length;
      let id: number | undefined;
      while (end > start) {
        const part = piece.slice(start, end);
        id = vocabulary.idOf(start > 0 ? prefix + part : part);
        if (id !== undefined) break;
        end -= (piece.charCodeAt(end - 1) & 0xfc00) === 0xdc00 && end - start > 1 ? 2 : 1;
      }
      if (id === undefined) return unknown;
      triples.push(id, start, end);
      start = end;
    }
    return Int32Array.from(triples);
  }
}

/** WordLevel: a piece is a token or unknown (models/wordlevel/mod.rs). */
export function wordLevel(model: JsonObject, vocabulary: Vocabulary): PieceModel {
  const unknownToken = typeof model['unk_token'] === 'string' ? model['unk_token'] : '<unk>';
  const unknown = vocabulary.idOf(unknownToken);
  return {
    safeCuts: null,
    tokenize(piece) {
      const id = vocabulary.idOf(piece) ?? unknown;
      if (id === undefined)
        throw new TokenizerError(
          `The word ${JSON.stringify(piece)} is not in the vocabulary and model.unk_token ${JSON.stringify(unknownToken)} is not either.`,
        );
      return id;
    },
  };
}

function countChars(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i += widthAt(text, i)) count++;
  return count;
}
