const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/u;

export const hex = (code: number, width: number): string => code.toString(16).padStart(width, '0');

/** The quote that Python's `repr` puts around a text. */
export const reprQuote = (value: string): string => (value.includes("'") && !value.includes('"') ? '"' : "'");

/** What `repr` writes for a character inside `quote`, or null where it is written as it is. */
export function reprCharacter(c: string, quote: string): string | null {
  if (c === quote || c === '\\') return `\\${c}`;
  if (c === '\n') return '\\n';
  if (c === '\r') return '\\r';
  if (c === '\t') return '\\t';
  if (c === ' ' || (c > ' ' && c < '\x7f') || !UNPRINTABLE.test(c)) return null;
  return escapedCharacter(c);
}

/** `\x7f`, `\u200b`, `\U0001f600` */
export function escapedCharacter(c: string): string {
  const code = c.codePointAt(0)!;
  if (code <= 0xff) return `\\x${hex(code, 2)}`;
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

/** Python's `repr` of a bare text. */
export function reprString(value: string): string {
  const quote = reprQuote(value);
  return `${quote}${Array.from(value, (c) => reprCharacter(c, quote) ?? c).join('')}${quote}`;
}
