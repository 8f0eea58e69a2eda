/** A tokenizer file that cannot be used; the message is a sentence that names the place and the cause. */
export class TokenizerError extends Error {
  override readonly name = 'TokenizerError';
}

/** Thrown while compiling a tokenizer.json whose component the fast path does not know; callers turn to the fallback. */
export class UnsupportedComponent extends Error {
  override readonly name = 'UnsupportedComponent';
}
