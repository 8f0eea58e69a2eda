/** Unicode's White_Space, which is Rust's `char::is_whitespace` and the patterns' `\s`. All of it is in the basic plane and has long been so. */
export const WHITE_SPACE = '\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const pattern = new RegExp(`^[${WHITE_SPACE}]`);

/** Whether the text begins with white space. */
export function isWhiteSpace(text: string): boolean {
  return pattern.test(text);
}

/** Where the white space before unit `from` begins. */
export function spaceStart(text: string, from: number): number {
  let at = from;
  while (at > 0 && isWhiteSpace(text[at - 1]!)) at--;
  return at;
}

/** Where the white space that begins at unit `from` ends. */
export function spaceEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && isWhiteSpace(text[at]!)) at++;
  return at;
}
