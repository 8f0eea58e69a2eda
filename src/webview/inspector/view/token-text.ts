import { isBlank, markOf, needsMarks } from '../model/glyphs.ts';
import { element } from './dom.ts';

/** Fills `into` with a token's text; what cannot be seen gets a mark. Screen readers hear the text without the marks. */
export function putText(into: HTMLElement, text: string, showSpace: boolean): void {
  if (!needsMarks(text, showSpace)) {
    into.textContent = text;
    return;
  }
  const alone = isBlank(text);
  let plain = '';
  for (const character of text) {
    const mark = markOf(character, alone, showSpace);
    if (mark === null) {
      plain += character;
      continue;
    }
    if (plain !== '') into.append(plain);
    plain = mark.keep ? character : '';
    const glyph = element('span', 'ws', mark.glyph);
    glyph.setAttribute('aria-hidden', 'true');
    into.append(glyph);
  }
  if (plain !== '') into.append(plain);
}
