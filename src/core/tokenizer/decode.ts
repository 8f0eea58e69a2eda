import { textOfBytes } from './byte-alphabet.ts';
import type { Tokenizer } from './encoding.ts';

/** The text of tokens, control tokens too. Bytes that are no character become U+FFFD, ids that are no token vanish. */
export function decodeTokens(tokenizer: Tokenizer, ids: readonly number[]): string {
  const tokens = ids.map((id) => (id >= 0 ? tokenizer.tokenBytes(id) : new Uint8Array(0)));
  const bytes = new Uint8Array(tokens.reduce((sum, token) => sum + token.length, 0));
  let at = 0;
  for (const token of tokens) {
    bytes.set(token, at);
    at += token.length;
  }
  return textOfBytes(bytes);
}
