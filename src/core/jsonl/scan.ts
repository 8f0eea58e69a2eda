/** Small steps over JSON text that do not build values. All offsets are UTF-16 units. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The first offset at or after `from` that is no JSON white space. */
export function skipSpace(text: string, from: number): number {
  let i = from;
  for (;;) {
    const code = text.charCodeAt(i);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return i;
    i++;
  }
}

/** End of the string that opens at `from`, its closing quote included; -1 when it has none. */
export function skipString(text: string, from: number): number {
  let quote = text.indexOf('"', from + 1);
  while (quote !== -1) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
    quote = text.indexOf('"', quote + 1);
  }
  return -1;
}

/** End of the value that begins at `from` (no white space before it); -1 when it does not end. Lenient: looks at brackets and strings only. */
export function skipValue(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first === QUOTE) return skipString(text, from);
  if (first !== 0x7b && first !== 0x5b) return skipScalar(text, from);
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      i = skipString(text, i) - 1;
      if (i < 0) return -1;
    } else if (code === 0x7b || code === 0x5b) depth++;
    else if ((code === 0x7d || code === 0x5d) && --depth === 0) return i + 1;
  }
  return -1;
}

const SCALAR_END = /[\s,:{}[\]"]/g;
function skipScalar(text: string, from: number): number {
  SCALAR_END.lastIndex = from;
  const end = SCALAR_END.exec(text)?.index ?? text.length;
  return end > from ? end : -1;
}
