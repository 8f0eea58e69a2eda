/** A tokenizer file that cannot be used; the message is a sentence that names the place and the cause. */
export class TokenizerError extends Error {
  override readonly name = 'TokenizerError';
}
