import { type Aligned, type Change, rewritten, transformed } from './aligned.ts';
import { textOfBytes, utf8 } from './byte-alphabet.ts';
import { TokenizerError } from './errors.ts';

/** What a charsmap makes of a character or a few; null where it leaves them. */
type Mapping = (text: string) => string | null;

/**
 * SentencePiece's compiled normalization rules (tokenizers 0.23, normalizers/precompiled.rs and the crate
 * spm_precompiled): by grapheme where the map knows one of fewer than six bytes, else by character.
 */
export function precompiled(charsmap: string, place: string): (section: Aligned) => Aligned {
  const mapping = remembered(mappingOf(base64(charsmap, place), place));
  const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
  return (section) => {
    const { text } = section;
    const changes: Change[] = [];
    let modified = false;
    const take = (part: string): boolean => {
      const mapped = mapping(part);
      if (mapped === null) return false;
      modified = true;
      pushReplacement(changes, part, mapped);
      return true;
    };
    const takeGrapheme = (grapheme: string): void => {
      if (grapheme.length < 6 && (grapheme.length === 1 || utf8(grapheme).length < 6) && take(grapheme)) return;
      for (const char of grapheme) if (!take(char)) changes.push({ char, change: 0 });
    };
    // Between ASCII characters every one is a grapheme, apart from a line end of two.
    for (const [run] of text.matchAll(/\r\n|[\0-\x7f](?![^\0-\x7f])|[\0-\x7f]?[^\0-\x7f]+/g))
      if (run.length === 1 || run === '\r\n') takeGrapheme(run);
      else for (const { segment } of graphemes.segment(run)) takeGrapheme(segment);
    if (!modified) return section;
    const replaced = changes.map(({ char }) => char).join('');
    const isOneForOne = changes.every(({ change }) => change === 0) && !/[\ud800-\udfff]/.test(text + replaced);
    return isOneForOne ? rewritten(section, replaced) : transformed(section, changes);
  };
}

/** Further characters are new; missing ones go with the last change, whichever that is. */
function pushReplacement(changes: Change[], from: string, to: string): void {
  const difference = [...to].length - [...from].length;
  for (const char of to) changes.push({ char, change: 0 });
  if (difference > 0)
    for (let i = changes.length - difference; i < changes.length; i++)
      changes[i] = { char: changes[i]!.char, change: 1 };
  const last = changes.at(-1);
  if (difference < 0 && last !== undefined)
    changes[changes.length - 1] = { char: last.char, change: last.change + difference };
}

/** The map is a double-array trie (darts-clone) of UTF-8 keys, and the replacements, each ending in a zero byte. */
function mappingOf(bytes: Uint8Array, place: string): Mapping {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const trieBytes = bytes.length < 4 ? Number.POSITIVE_INFINITY : view.getUint32(0, true);
  if (trieBytes + 4 > bytes.length) throw new TokenizerError(`${place}.precompiled_charsmap is cut off.`);
  const units = Uint32Array.from({ length: trieBytes >> 2 }, (_, i) => view.getUint32(4 + 4 * i, true));
  const replacements = bytes.subarray(4 + trieBytes);
  const offsetOf = (unit: number) => (unit >>> 10) << ((unit & 0x200) >>> 6);

  return (text) => {
    let node = offsetOf(units[0] ?? 0);
    for (const byte of utf8(text)) {
      if (byte === 0) return null;
      node ^= byte;
      const unit = units[node] ?? 0;
      if ((unit & 0x800000ff) >>> 0 !== byte) return null;
      node ^= offsetOf(unit);
      // The shortest key that the text begins with decides.
      if (((unit >>> 8) & 1) === 1) return replacementAt((units[node] ?? 0) & 0x7fffffff);
    }
    return null;
  };

  function replacementAt(start: number): string {
    let end = start;
    while (end < replacements.length && replacements[end] !== 0) end++;
    return textOfBytes(replacements.subarray(start, end));
  }
}

/** Short texts come again and again. */
function remembered(mapping: Mapping): Mapping {
  const known = new Map<string, string | null>();
  return (text) => {
    let mapped = known.get(text);
    if (mapped === undefined) {
      mapped = mapping(text);
      if (known.size >= 10_000) known.clear();
      known.set(text, mapped);
    }
    return mapped;
  };
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64(text: string, place: string): Uint8Array {
  const digits = text.replace(/=+$/, '');
  const bytes = new Uint8Array((digits.length * 3) >> 2);
  let bits = 0;
  let held = 0;
  let count = 0;
  for (const digit of digits) {
    const value = DIGITS.indexOf(digit);
    if (value < 0) throw new TokenizerError(`${place}.precompiled_charsmap is not base64.`);
    bits = ((bits << 6) | value) & 0xfff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[count++] = (bits >> held) & 0xff;
  }
  return bytes;
}
