import { has } from './code-point-set.ts';
import { SPACE } from './unicode-sets.ts';

/** Whether a UTF-16 unit or a text begins with white space. All of it is in the basic plane. */
export function isWhiteSpace(text: string): boolean {
  return has(SPACE, text.charCodeAt(0));
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
