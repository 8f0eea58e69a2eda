import type { Tokenizer } from '../tokenizer/encoding.ts';

/** The id of a token by its text: of an added token, or of a text that is one token; null for any other. */
export function tokenId(tokenizer: Tokenizer, token: string | undefined): number | null {
  if (token === undefined) return null;
  const added = tokenizer.addedTokens.find(({ content }) => content === token);
  if (added !== undefined) return added.id;
  const { ids } = tokenizer.encode(token);
  return ids.length === 1 ? ids[0]! : null;
}
