import {
  type Aligned,
  type Change,
  prepended,
  rebuild,
  rewritten,
  spelledOut,
  transformed,
  widthAt,
} from './aligned.ts';
import { BYTE_CHARS, utf8 } from './byte-alphabet.ts';
import { TokenizerError } from './errors.ts';
import { arrayAt, flagAt, isObject, type JsonObject, objectAt, optionalFlag, stringAt, typeOf } from './json.ts';
import { precompiled } from './precompiled.ts';
import { compileOniguruma, literalPattern, type Pattern } from './regex.ts';
import { toForm, type UnicodeForm } from './unicode-forms.ts';
import { isMark, isNonspacing, isOther, toLowerCase } from './unicode-sets.ts';
import { isWhiteSpace, spaceEnd, spaceStart } from './white-space.ts';

/** Changes a section of text before it is split; keeps the original spans. */
export type Normalizer = (section: Aligned) => Aligned;

const FORMS: Readonly<Record<UnicodeForm, Normalizer>> = {
  NFC: (section) => toForm(section, 'NFC'),
  NFD: (section) => toForm(section, 'NFD'),
  NFKC: (section) => toForm(section, 'NFKC'),
  NFKD: (section) => toForm(section, 'NFKD'),
};

/** Whether texts of ASCII alone surely stay as they are. */
export const keepsAscii = (normalizer: Normalizer | null): boolean =>
  normalizer === null || Object.values(FORMS).includes(normalizer);

/** The normalizer of tokenizer.json, after tokenizers 0.23 (normalizers/*.rs). Null where it changes nothing. */
export function compileNormalizer(spec: JsonObject | null, place: string): Normalizer | null {
  if (spec === null) return null;
  const type = typeOf(spec, place);
  switch (type) {
    case 'Sequence':
      return sequence(spec, place);
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
      return FORMS[type];
    case 'Prepend': {
      const prefix = stringAt(spec['prepend'], `${place}.prepend`);
      return (section) => prepended(section, prefix);
    }
    case 'Replace':
      return replace(spec, place);
    case 'Lowercase':
      return lowercase;
    case 'Strip':
      return strip(
        flagAt(spec['strip_left'], `${place}.strip_left`),
        flagAt(spec['strip_right'], `${place}.strip_right`),
      );
    case 'StripAccents':
      return stripAccents;
    case 'ByteLevel':
      return toByteLevel;
    case 'BertNormalizer':
      return bert(spec, place);
    case 'Nmt':
      return nmt;
    case 'Precompiled':
      return precompiled(stringAt(spec['precompiled_charsmap'], `${place}.precompiled_charsmap`), place);
    default:
      throw new TokenizerError(`${place}.type ${JSON.stringify(type)} is not known.`);
  }
}

function sequence(spec: JsonObject, place: string): Normalizer | null {
  const steps = arrayAt(spec['normalizers'], `${place}.normalizers`)
    .map((step, i) => compileNormalizer(objectAt(step, `${place}.normalizers[${i}]`), `${place}.normalizers[${i}]`))
    .filter((step) => step !== null);
  if (steps.length === 0) return null;
  return (section) => steps.reduce((text, step) => step(text), section);
}

/** The `pattern` of a Replace or Split: `{"String": ...}` or `{"Regex": ...}`. */
export function compilePattern(spec: JsonObject, place: string): Pattern {
  const pattern = spec['pattern'];
  if (isObject(pattern) && typeof pattern['String'] === 'string') return literalPattern(pattern['String']);
  if (isObject(pattern) && typeof pattern['Regex'] === 'string') return compileOniguruma(pattern['Regex']);
  throw new TokenizerError(`${place}.pattern must be {"String": ...} or {"Regex": ...}.`);
}

function replace(spec: JsonObject, place: string): Normalizer {
  const content = stringAt(spec['content'], `${place}.content`);
  const pattern = compilePattern(spec, place);
  const literal = isObject(spec['pattern']) ? spec['pattern']['String'] : undefined;
  if (typeof literal === 'string' && literal.length === 1 && content.length === 1)
    return (section) =>
      rewritten(
        section,
        section.text.replaceAll(literal, () => content),
      );
  return (section) => {
    const matches = section.text === '' ? [] : pattern(section.text);
    if (matches.length === 0) return section;
    const builder = rebuild(section);
    const { starts, ends } = builder.source;
    let copied = 0;
    for (let i = 0; i < matches.length; i += 2) {
      const end = matches[i + 1]!;
      builder.copy(copied, matches[i]!);
      // The new text has the span of the last character that it replaces, or of the one before an empty match.
      builder.add(content, starts[end - 1] ?? section.origin, ends[end - 1] ?? section.origin);
      copied = end;
    }
    builder.copy(copied, section.text.length);
    return builder.build();
  };
}

/** Character by character, without the context rules of whole-string lowercasing (final sigma). */
function lowercase(section: Aligned): Aligned {
  const { text } = section;
  if (!/[^\0-\x7f]/.test(text)) return rewritten(section, text.toLowerCase());
  let isChanged = false;
  const changes: Change[] = [];
  for (const char of text) {
    let change = 0;
    const lower = toLowerCase(char);
    if (lower !== char) isChanged = true;
    for (const part of lower) {
      changes.push({ char: part, change });
      change = 1;
    }
  }
  return isChanged ? transformed(section, changes) : section;
}

function stripAccents(section: Aligned): Aligned {
  return filtered(section, (char) => !isMark(char.codePointAt(0)!));
}

/** `NormalizedString::filter`. */
function filtered(section: Aligned, keep: (char: string) => boolean): Aligned {
  let changed = false;
  const builder = rebuild(section);
  const { text } = section;
  for (let i = 0; i < text.length; ) {
    const width = widthAt(text, i);
    if (keep(text.slice(i, i + width))) builder.copy(i, i + width);
    else changed = true;
    i += width;
  }
  return changed ? builder.build() : section;
}

function strip(left: boolean, right: boolean): Normalizer {
  return (section) => {
    const { text } = section;
    const from = left ? spaceEnd(text, 0) : 0;
    const to = right ? Math.max(from, spaceStart(text, text.length)) : text.length;
    if (from === 0 && to === text.length) return section;
    const { starts, ends, origin } = spelledOut(section);
    return {
      text: text.slice(from, to),
      origin,
      inserted: 0,
      headWidth: 0,
      starts: starts.subarray(from, to),
      ends: ends.subarray(from, to),
    };
  };
}

/** Text in the byte alphabet; every byte's character has the span of its character. */
export function toByteLevel(section: Aligned): Aligned {
  const { text } = section;
  if (/^[!-~]*$/.test(text)) return section;
  const builder = rebuild(section);
  const { starts, ends } = builder.source;
  for (let i = 0; i < text.length; ) {
    const width = widthAt(text, i);
    for (const byte of utf8(text.slice(i, i + width))) builder.add(BYTE_CHARS[byte]!, starts[i]!, ends[i]!);
    i += width;
  }
  return builder.build();
}

const nmtRemoved = /^[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]$/;
const nmtSpaces = /[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/g;

/** SentencePiece's nmt rules, in normalizers/unicode.rs. */
function nmt(section: Aligned): Aligned {
  const kept = filtered(section, (char) => !nmtRemoved.test(char));
  return rewritten(kept, kept.text.replace(nmtSpaces, ' '));
}

// BertNormalizer, after normalizers/bert.rs.

function bert(spec: JsonObject, place: string): Normalizer {
  const lower = flagAt(spec['lowercase'], `${place}.lowercase`);
  const accents = optionalFlag(spec['strip_accents'], lower, `${place}.strip_accents`);
  const steps: Normalizer[] = [];
  if (flagAt(spec['clean_text'], `${place}.clean_text`)) steps.push(cleaned);
  if (flagAt(spec['handle_chinese_chars'], `${place}.handle_chinese_chars`)) steps.push(spacedIdeographs);
  if (accents)
    steps.push(
      (section) => toForm(section, 'NFD'),
      (section) => filtered(section, (char) => !isNonspacing(char.codePointAt(0)!)),
    );
  if (lower) steps.push(lowercase);
  return (section) => steps.reduce((text, step) => step(text), section);
}

function cleaned(section: Aligned): Aligned {
  const kept = filtered(
    section,
    (char) =>
      char !== '\0' &&
      char !== '\ufffd' &&
      (char === '\t' || char === '\n' || char === '\r' || !isOther(char.codePointAt(0)!)),
  );
  let text = '';
  for (const char of kept.text) text += isWhiteSpace(char) ? ' ' : char;
  return text === kept.text ? kept : rewritten(kept, text);
}

function isIdeograph(code: number): boolean {
  return (
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0x3400 && code <= 0x4dbf) ||
    (code >= 0x20000 && code <= 0x2a6df) ||
    (code >= 0x2a700 && code <= 0x2b73f) ||
    (code >= 0x2b740 && code <= 0x2b81f) ||
    (code >= 0x2b920 && code <= 0x2ceaf) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0x2f800 && code <= 0x2fa1f)
  );
}

function spacedIdeographs(section: Aligned): Aligned {
  const changes: Change[] = [];
  let changed = false;
  for (const char of section.text) {
    if (isIdeograph(char.codePointAt(0)!)) {
      changed = true;
      changes.push({ char: ' ', change: 0 }, { char, change: 1 }, { char: ' ', change: 1 });
    } else changes.push({ char, change: 0 });
  }
  return changed ? transformed(section, changes) : section;
}
