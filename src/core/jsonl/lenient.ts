import { skipString } from './scan.ts';

/**
 * JSON with comments and trailing commas as plain JSON of the same length: both become spaces (line breaks stay), so that
 * every offset still holds.
 */
export function blankComments(text: string): string {
  const pieces: string[] = [];
  let from = 0;
  /** A comma after which nothing but white space and comments came so far. */
  let comma = -1;
  let afterValue = false;
  const blank = (start: number, end: number): void => {
    pieces.push(text.slice(from, start), text.slice(start, end).replace(/[^\r\n]/g, ' '));
    from = end;
  };
  const commas: number[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (at === 1) blank(0, 1);
  while (at < text.length) {
    const character = text[at];
    if (character === '"') {
      const end = skipString(text, at);
      at = end === -1 ? text.length : end;
      comma = -1;
      afterValue = true;
    } else if (character === '/' && (text[at + 1] === '/' || text[at + 1] === '*')) {
      const line = text[at + 1] === '/';
      const close = text.indexOf(line ? '\n' : '*/', at + 2);
      const end = close === -1 ? text.length : line ? close : close + 2;
      blank(at, end);
      at = end;
    } else {
      if (character === ',') comma = afterValue ? at : -1;
      else if ((character === '}' || character === ']') && comma !== -1) commas.push(comma);
      if (!/[\s,]/.test(character ?? '')) comma = -1;
      if (!/\s/.test(character ?? '')) afterValue = !/[,:[{]/.test(character ?? '');
      at++;
    }
  }
  pieces.push(text.slice(from));
  const result = pieces.join('');
  let last = 0;
  const kept = commas.map((position) => {
    const piece = result.slice(last, position);
    last = position + 1;
    return piece;
  });
  return [...kept, result.slice(last)].join(' ');
}
