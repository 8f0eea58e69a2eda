import { type Aligned, originalStart, prepended, rewritten } from './aligned.ts';
import { TokenizerError, UnsupportedComponent } from './errors.ts';
import { arrayAt, flag, isObject, type JsonObject, objectAt, stringAt, typeOf } from './json.ts';
import { compilePattern } from './normalize.ts';
import { compileOniguruma } from './regex.ts';
import { GPT2, type Scanner, scannerFor } from './scanner.ts';
import { RUST_PUNCTUATION } from './unicode-age.ts';

/** One step of pre-tokenization. */
export type Stage =
  /** Cuts the text along a pattern. */
  | {
      readonly kind: 'cut';
      readonly pattern: RegExp;
      readonly behavior: Behavior;
      readonly invert: boolean;
      /** Finds the same pieces faster; only where every match is isolated. */
      readonly scan: Scanner | null;
    }
  /** Puts a space in front of a text that does not start with one. */
  | { readonly kind: 'prefix' }
  /** Writes spaces as `replacement`, puts one in front, and cuts before each where `split`. */
  | {
      readonly kind: 'metaspace';
      readonly replacement: string;
      readonly scheme: PrependScheme;
      readonly split: boolean;
    }
  /** Writes the text in the byte alphabet. */
  | { readonly kind: 'bytes' }
  /** Cuts into pieces of so many characters. */
  | { readonly kind: 'chunks'; readonly length: number };

/** What becomes of the text that a pattern matches. */
export type Behavior = 'Isolated' | 'Removed' | 'MergedWithPrevious' | 'MergedWithNext' | 'Contiguous';
type PrependScheme = 'always' | 'first' | 'never';

/** The `Whitespace` pre-tokenizer keeps what `\w+|[^\w\s]+` matches (Rust's regex crate). */
const WORDS = String.raw`[\w\x{200c}\x{200d}]+|[^\w\x{200c}\x{200d}\s]+`;

/** The pre-tokenizer of tokenizer.json as stages in order, after tokenizers 0.23 (pre_tokenizers/*.rs). */
export function compileStages(spec: JsonObject | null, place: string): Stage[] {
  if (spec === null) return [];
  const type = typeOf(spec, place);
  switch (type) {
    case 'Sequence':
      return arrayAt(spec['pretokenizers'], `${place}.pretokenizers`).flatMap((step, i) => {
        const inner = `${place}.pretokenizers[${i}]`;
        return compileStages(objectAt(step, inner), inner);
      });
    case 'ByteLevel': {
      const stages: Stage[] = [];
      if (flag(spec['add_prefix_space'], true)) stages.push({ kind: 'prefix' });
      if (flag(spec['use_regex'], true))
        stages.push({ ...cut(compileOniguruma(GPT2), 'Isolated'), scan: scannerFor(GPT2) });
      stages.push({ kind: 'bytes' });
      return stages;
    }
    case 'Split': {
      const pattern = compilePattern(spec, place);
      const invert = flag(spec['invert'], false);
      if (pattern === null) return [];
      const behavior = behaviorOf(spec['behavior'], `${place}.behavior`);
      const regex = isObject(spec['pattern']) ? spec['pattern']['Regex'] : null;
      const scan = behavior === 'Isolated' && typeof regex === 'string' ? scannerFor(regex) : null;
      return [{ kind: 'cut', pattern, behavior, invert, scan }];
    }
    case 'Digits':
      // These match what is between as well, so that the pieces cover the text, which is the fast way to cut.
      return [cut(flag(spec['individual_digits'], false) ? /\p{N}|\P{N}+/gu : /\p{N}+|\P{N}+/gu, 'Isolated')];
    case 'Punctuation':
      return [cut(new RegExp(RUST_PUNCTUATION, 'gv'), behaviorOf(spec['behavior'] ?? 'Isolated', `${place}.behavior`))];
    case 'Whitespace':
      return [{ ...cut(compileOniguruma(WORDS), 'Removed'), invert: true }];
    case 'WhitespaceSplit':
      return [cut(/\p{White_Space}/gu, 'Removed')];
    case 'BertPreTokenizer':
      return [cut(/\p{White_Space}/gu, 'Removed'), cut(new RegExp(RUST_PUNCTUATION, 'gv'), 'Isolated')];
    case 'CharDelimiterSplit': {
      const delimiter = stringAt(spec['delimiter'], `${place}.delimiter`);
      return [cut(new RegExp(`\\u{${(delimiter.codePointAt(0) ?? 0).toString(16)}}`, 'gu'), 'Removed')];
    }
    case 'FixedLength': {
      const length = spec['length'] ?? 5;
      if (typeof length !== 'number' || !(length > 0)) throw new TokenizerError(`${place}.length must be above zero.`);
      return [{ kind: 'chunks', length }];
    }
    case 'Metaspace':
      return [metaspace(spec, place)];
    default:
      throw new UnsupportedComponent(`${place}: ${type}`);
  }
}

function cut(pattern: RegExp, behavior: Behavior): Stage & { kind: 'cut' } {
  return { kind: 'cut', pattern, behavior, invert: false, scan: null };
}

function behaviorOf(value: unknown, place: string): Behavior {
  switch (value) {
    case 'Isolated':
    case 'Removed':
    case 'MergedWithPrevious':
    case 'MergedWithNext':
    case 'Contiguous':
      return value;
    default:
      throw new TokenizerError(`${place} ${JSON.stringify(value)} is not known.`);
  }
}

function metaspace(spec: JsonObject, place: string): Stage {
  const replacement = stringAt(spec['replacement'] ?? '\u2581', `${place}.replacement`);
  // Files of tokenizers before 0.15 say `add_prefix_space`.
  const scheme = spec['add_prefix_space'] === false ? 'never' : (spec['prepend_scheme'] ?? 'always');
  if (scheme !== 'always' && scheme !== 'first' && scheme !== 'never')
    throw new TokenizerError(`${place}.prepend_scheme ${JSON.stringify(scheme)} is not known.`);
  return { kind: 'metaspace', replacement, scheme, split: flag(spec['split'], true) };
}

/** What a metaspace stage makes of a piece, before it cuts. */
export function applyMetaspace(piece: Aligned, stage: Stage & { kind: 'metaspace' }): Aligned {
  const { replacement, scheme } = stage;
  const { text } = piece;
  const marked = text.includes(' ')
    ? rewritten(
        piece,
        text.replaceAll(' ', () => replacement),
      )
    : piece;
  if (scheme === 'never' || marked.text.startsWith(replacement)) return marked;
  // "first": only the piece at the start of the whole text.
  if (scheme === 'first' && originalStart(piece, 0) !== 0) return marked;
  return prepended(marked, replacement);
}

/** Flat pairs: the start and end of each piece that is kept, in order; empty pieces are left out. */
export function cutPieces(text: string, stage: Stage & { kind: 'cut' }): number[] {
  const bounds: number[] = [];
  const matched: boolean[] = [];
  let end = 0;
  for (const match of text.matchAll(stage.pattern)) {
    const stop = match.index + match[0].length;
    if (match.index > end) push(end, match.index, false);
    if (stop > match.index) push(match.index, stop, true);
    end = stop;
  }
  if (end < text.length) push(end, text.length, false);
  return joined(bounds, matched, stage.behavior);

  function push(from: number, to: number, isMatch: boolean): void {
    bounds.push(from, to);
    matched.push(isMatch !== stage.invert);
  }
}

/** `NormalizedString::split`: what each behavior makes of the matches and the text between them. */
function joined(bounds: readonly number[], matched: readonly boolean[], behavior: Behavior): number[] {
  const pieces: number[] = [];
  const last = matched.length - 1;
  for (let i = 0; i <= last; i++) {
    const from = bounds[2 * i]!;
    const to = bounds[2 * i + 1]!;
    if (behavior === 'Removed' && matched[i]) continue;
    if (pieces.length > 0 && joinsPrevious(i)) pieces[pieces.length - 1] = to;
    else pieces.push(from, to);
  }
  return pieces;

  function joinsPrevious(i: number): boolean {
    if (behavior === 'Contiguous') return matched[i] === matched[i - 1];
    if (behavior === 'MergedWithPrevious') return matched[i] === true && matched[i - 1] === false;
    if (behavior === 'MergedWithNext') return matched[i] === false && matched[i - 1] === true;
    return false;
  }
}
