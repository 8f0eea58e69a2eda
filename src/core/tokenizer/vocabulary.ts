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

export function vocabularyFromIds(ids: ReadonlyMap<string, number>): Vocabulary {
  let tokens: (string | undefined)[] | null = null;
  return {
    size: ids.size,
    idOf: (token) => ids.get(token),
    tokens: () => ids.keys(),
    tokenOf(id) {
      if (tokens === null) {
        tokens = [];
        for (const [token, tokenId] of ids) tokens[tokenId] = token;
      }
      return tokens[id];
    },
  };
}

/** The id of a token that the model itself names. */
export function requiredId(vocabulary: Vocabulary, token: string, place: string): number {
  const id = vocabulary.idOf(token);
  if (id === undefined) throw new TokenizerError(`${place} ${JSON.stringify(token)} is not in the vocabulary.`);
  return id;
}
