/** How characters that cannot be seen are shown. */

const GLYPHS: Readonly<Record<string, string>> = { '\n': '↵', '\t': '→', ' ': '·', '\r': '␍' };

/** Controls that draw nothing or turn the text around them: shown by their number, never passed on to the page. */
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;
const EVERY_HIDDEN = new RegExp(HIDDEN, 'g');
const BLANK = /[\n\t \r]/g;

export interface Mark {
  readonly glyph: string;
  /** Whether the character itself stays in the page after its glyph, so that lines break and columns align. */
  readonly keep: boolean;
}

/**
 * What is drawn for one character, null for itself. `alone`: it stands in a token of nothing but white space, whose state
 * could not be seen without a mark.
 */
export function markOf(character: string, alone: boolean, showSpace: boolean): Mark | null {
  if (character === '\r') return { glyph: '␍', keep: false };
  const glyph = GLYPHS[character];
  if (glyph !== undefined) {
    if (showSpace) return { glyph, keep: character !== ' ' };
    return alone && character !== ' ' ? { glyph, keep: true } : null;
  }
  return HIDDEN.test(character) ? { glyph: codePoint(character), keep: false } : null;
}

export const needsMarks = (text: string, showSpace: boolean): boolean =>
  (showSpace && /\s/.test(text)) || text.includes('\r') || HIDDEN.test(text) || isBlank(text);

export const isBlank = (text: string): boolean => text.trim() === '' && text !== '';

/** One line in which every character can be seen. */
export const visible = (text: string): string =>
  /^[!-~]*$/.test(text) ? text : text.replace(BLANK, (c) => GLYPHS[c] ?? c).replace(EVERY_HIDDEN, codePoint);

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

const NAMES: Readonly<Record<string, readonly [one: string, many: string]>> = {
  '\n': ['line break', 'line breaks'],
  '\t': ['tab', 'tabs'],
  ' ': ['space', 'spaces'],
  '\r': ['carriage return', 'carriage returns'],
};

/** The text as a screen reader should say it: blanks by name and number. */
export function spoken(text: string): string {
  if (!isBlank(text)) return text.trim();
  return [...text.matchAll(/(.)\1*/gs)]
    .map(([run, character = '']) => {
      const name = NAMES[character];
      if (name === undefined) return codePoint(character);
      return run.length === 1 ? name[0] : `${run.length} ${name[1]}`;
    })
    .join(', ');
}

export const bytesOf = (text: string): string =>
  [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
