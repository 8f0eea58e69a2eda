import { decodeHTML } from 'entities/decode';

/** What Jinja's and markupsafe's HTML helpers do to bare text. */

/** markupsafe's striptags: comments and tags are dropped, white space becomes one space, entities are read. */
export function withoutTags(value: string): string {
  const parts: string[] = [];
  let at = 0;
  for (let start = value.indexOf('<'); start >= 0; start = value.indexOf('<', at)) {
    const comment = value.startsWith('<!--', start);
    const end = comment ? value.indexOf('-->', start + 4) : value.indexOf('>', start);
    if (end < 0) break;
    parts.push(value.slice(at, start));
    at = end + (comment ? 3 : 1);
  }
  const text = parts.join('') + value.slice(at);
  return unescapeHtml(
    text
      .split(/[\s\x1c-\x1f\x85]+/)
      .filter(Boolean)
      .join(' '),
  );
}

/** Python's `html.unescape`: entities by name, also the old ones without a semicolon, and by number. */
export function unescapeHtml(value: string): string {
  return value.replace(
    /&(?:#(?:(\d+)|[xX]([\da-fA-F]+));?|[^\t\n\f <&#;]{1,32};?)/g,
    (whole, decimal?: string, hexadecimal?: string) => {
      if (decimal !== undefined) return character(Number(decimal));
      if (hexadecimal !== undefined) return character(Number.parseInt(hexadecimal, 16));
      return decodeHTML(whole);
    },
  );
}

/** What HTML makes of numbers from 0x80 on that are no characters: those of Windows-1252. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function character(code: number): string {
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return '\ufffd';
  if (code >= 0x80 && code < 0xa0) return WINDOWS_1252[code - 0x80]!;
  const isControl = code < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d].includes(code);
  const isNoCharacter = (code >= 0xfdd0 && code < 0xfdf0) || (code & 0xfffe) === 0xfffe;
  return isControl || isNoCharacter || code === 0x7f ? '' : String.fromCodePoint(code);
}

const escapedAttribute = (value: string): string =>
  value.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' })[c]!);

const WORD = '[\\p{L}\\p{N}_%-]';
const URL = new RegExp(
  `^(?:(?:https?://|www\\.)(?:(?:${WORD}+\\.)+)?(?:[a-z]{2,63}|xn--[\\p{L}\\p{N}_%]{2,59})` +
    `|(?:${WORD}{2,63}\\.)+(?:com|net|int|edu|gov|org|info|mil)` +
    `|https?://(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\[(?:[\\da-f]{0,4}:){2}(?:[\\da-f]{0,4}:?){1,6}\\]))` +
    `(?::\\d{1,5})?(?:[/?#]\\S*)?$`,
  'iu',
);
const EMAIL = /^\S+@[\p{L}\p{N}_][\p{L}\p{N}_.-]*\.[\p{L}\p{N}_]+$/u;
const PAIRS = [
  ['(', ')'],
  ['<', '>'],
  ['&lt;', '&gt;'],
] as const;
const countOf = (value: string, part: string): number => value.split(part).length - 1;

export interface LinkStyle {
  /** Code points of an address that are shown, or null; asked for where there is an address. */
  readonly limit: () => number | null;
  readonly rel: string | null;
  readonly target: string | null;
  readonly schemes: readonly string[];
}

/** Jinja's `urlize`: addresses in an escaped text become links. */
export function urlize(escaped: string, { limit, rel, target, schemes }: LinkStyle): string {
  const shown = (url: string): string => {
    const points = Array.from(url);
    const most = limit();
    return most !== null && points.length > most ? `${points.slice(0, most).join('')}...` : url;
  };
  const relation = rel === null || rel === '' ? '' : ` rel="${escapedAttribute(rel)}"`;
  const where = target === null || target === '' ? '' : ` target="${escapedAttribute(target)}"`;
  const link = (middle: string): string => {
    if (URL.test(middle)) {
      const scheme = /^https?:\/\//.test(middle) ? '' : 'https://';
      return `<a href="${scheme}${middle}"${relation}${where}>${shown(middle)}</a>`;
    }
    if (middle.startsWith('mailto:') && EMAIL.test(middle.slice(7))) {
      return `<a href="${middle}">${middle.slice(7)}</a>`;
    }
    const isMail = middle.includes('@') && !/^(?:www\.|@)/.test(middle) && !middle.includes(':');
    if (isMail && EMAIL.test(middle)) return `<a href="mailto:${middle}">${middle}</a>`;
    return schemes.reduce(
      (whole, scheme) =>
        whole !== scheme && whole.startsWith(scheme) ? `<a href="${whole}"${relation}${where}>${whole}</a>` : whole,
      middle,
    );
  };
  return escaped
    .split(/(\s+)/)
    .map((word) => {
      const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? '';
      let middle = word.slice(head.length);
      let tail = /(?:[)>.,\n]|&gt;)+$/.exec(middle)?.[0] ?? '';
      middle = middle.slice(0, middle.length - tail.length);
      for (const [open, close] of PAIRS) {
        const opened = countOf(middle, open);
        if (opened <= countOf(middle, close)) continue;
        for (let i = Math.min(opened, countOf(tail, close)); i > 0; i--) {
          const end = tail.indexOf(close) + close.length;
          middle += tail.slice(0, end);
          tail = tail.slice(end);
        }
      }
      return head + link(middle) + tail;
    })
    .join('');
}
