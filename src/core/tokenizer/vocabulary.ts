import { TokenizerError } from './errors.ts';
import { idAt, type JsonObject } from './json.ts';

/** Token spellings and ids, both ways. */
export interface Vocabulary {
  /** Entries, as tokenizers' `get_vocab_size` counts them. */
  readonly size: number;
  idOf(token: string): number | undefined;
  tokenOf(id: number): string | undefined;
  tokens(): Iterable<string>;
}

/** The `vocab` object of a BPE, WordPiece or WordLevel model. */
export function vocabularyOf(vocab: JsonObject, place: string): Vocabulary {
  const ids = new Map<string, number>();
  for (const token in vocab) ids.set(token, idAt(vocab[token], `${place}[${JSON.stringify(token)}]`));
  return vocabularyFromIds(ids);
}

export function vocabularyFromIds(ids: ReadonlyMap<string, number>, size = ids.size): Vocabulary {
  let tokens: Map<number, string> | null = null;
  return {
    size,
    idOf: (token) => ids.get(token),
    tokens: () => ids.keys(),
    tokenOf(id) {
      if (tokens === null) {
        tokens = new Map();
        for (const [token, tokenId] of ids) tokens.set(tokenId, token);
      }
      return tokens.get(id);
    },
  };
}

/** What happens when text needs the unknown token, and there is none: tokenizers fails then, and not before. */
export function unknownUnknown(unknownToken: string, text: string): TokenizerError {
  return new TokenizerError(
    `${JSON.stringify(text)} has no token, and model.unk_token ${JSON.stringify(unknownToken)} is not in the vocabulary.`,
  );
}
