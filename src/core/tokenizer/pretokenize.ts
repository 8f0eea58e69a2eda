import { type Aligned, originalStart, prepended, rewritten } from './aligned.ts';
import { type CodePointSet, complement, union } from './code-point-set.ts';
import { TokenizerError } from './errors.ts';
import { arrayAt, charAt, flagAt, isObject, type JsonObject, objectAt, optionalFlag, typeOf } from './json.ts';
import { compilePattern } from './normalize.ts';
import { compileOniguruma, createPattern, literalPattern, type Pattern, setPattern } from './regex.ts';
import type { Node } from './regex-syntax.ts';
import { GPT2, type Scanner, scannerFor } from './scanner.ts';
import { NUMERIC, PUNCTUATION, RUST_WORD, SPACE } from './unicode-sets.ts';

/** One step of pre-tokenization. */
export type Stage =
  /** Cuts the text along a pattern. */
  | {
      readonly kind: 'cut';
      readonly pattern: Pattern;
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
  /** Cuts where the script changes. */
  | { readonly kind: 'scripts' }
  /** Cuts into pieces of so many characters. */
  | { readonly kind: 'chunks'; readonly length: number };

/** What becomes of the text that a pattern matches. */
export type Behavior = 'Isolated' | 'Removed' | 'MergedWithPrevious' | 'MergedWithNext' | 'Contiguous';
type PrependScheme = 'always' | 'first' | 'never';

const run = (set: CodePointSet): Node => ({
  kind: 'repeat',
  body: { kind: 'set', set },
  min: 1,
  max: Number.POSITIVE_INFINITY,
  lazy: false,
});

/** The `Whitespace` pre-tokenizer keeps what `\w+|[^\w\s]+` matches (the crate regex). */
const words = (): Pattern =>
  createPattern({ kind: 'choice', options: [run(RUST_WORD()), run(complement(union(RUST_WORD(), SPACE)))] }, 'words');

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
      flagAt(spec['trim_offsets'], `${place}.trim_offsets`);
      if (flagAt(spec['add_prefix_space'], `${place}.add_prefix_space`)) stages.push({ kind: 'prefix' });
      if (optionalFlag(spec['use_regex'], true, `${place}.use_regex`))
        stages.push({ ...cut(compileOniguruma(GPT2), 'Isolated'), scan: scannerFor(GPT2) });
      stages.push({ kind: 'bytes' });
      return stages;
    }
    case 'Split': {
      const pattern = compilePattern(spec, place);
      const invert = flagAt(spec['invert'], `${place}.invert`);
      const behavior = behaviorOf(spec['behavior'], `${place}.behavior`);
      const regex = isObject(spec['pattern']) ? spec['pattern']['Regex'] : null;
      const scan = behavior === 'Isolated' && typeof regex === 'string' ? scannerFor(regex) : null;
      return [{ kind: 'cut', pattern, behavior, invert, scan }];
    }
    case 'Digits':
      return [
        cut(
          setPattern(NUMERIC()),
          flagAt(spec['individual_digits'], `${place}.individual_digits`) ? 'Isolated' : 'Contiguous',
        ),
      ];
    case 'Punctuation':
      return [cut(setPattern(PUNCTUATION()), behaviorOf(spec['behavior'] ?? 'Isolated', `${place}.behavior`))];
    case 'Whitespace':
      return [{ ...cut(words(), 'Removed'), invert: true }];
    case 'WhitespaceSplit':
      return [cut(setPattern(SPACE), 'Removed')];
    case 'BertPreTokenizer':
      return [cut(setPattern(SPACE), 'Removed'), cut(setPattern(PUNCTUATION()), 'Isolated')];
    case 'CharDelimiterSplit': {
      const delimiter = charAt(spec['delimiter'], `${place}.delimiter`);
      return [cut(literalPattern(delimiter), 'Removed')];
    }
    case 'FixedLength': {
      const length = spec['length'] ?? 5;
      if (typeof length !== 'number' || !Number.isInteger(length) || length < 1)
        throw new TokenizerError(`${place}.length must be a whole number from 1.`);
      return [{ kind: 'chunks', length }];
    }
    case 'UnicodeScripts':
      return [{ kind: 'scripts' }];
    case 'Metaspace':
      return [metaspace(spec, place)];
    default:
      throw new TokenizerError(`${place}.type ${JSON.stringify(type)} is not known.`);
  }
}

function cut(pattern: Pattern, behavior: Behavior): Stage & { kind: 'cut' } {
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
  const replacement = charAt(spec['replacement'], `${place}.replacement`);
  const scheme = spec['prepend_scheme'] ?? 'always';
  if (scheme !== 'always' && scheme !== 'first' && scheme !== 'never')
    throw new TokenizerError(`${place}.prepend_scheme ${JSON.stringify(scheme)} is not known.`);
  if (spec['add_prefix_space'] === false && scheme !== 'never')
    throw new TokenizerError(
      `${place}.add_prefix_space is false, but prepend_scheme is ${JSON.stringify(scheme)}: tokenizers 0.23 refuses that. Set prepend_scheme to "never".`,
    );
  return { kind: 'metaspace', replacement, scheme, split: optionalFlag(spec['split'], true, `${place}.split`) };
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
  const found = stage.pattern(text);
  for (let i = 0; i < found.length; i += 2) {
    const start = found[i]!;
    if (start > end) push(end, start, false);
    end = found[i + 1]!;
    push(start, end, true);
  }
  if (end < text.length) push(end, text.length, false);
  return withoutEmpty(joined(bounds, matched, stage.behavior));

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

/** Empty matches part what is beside them, and are nothing themselves. */
function withoutEmpty(pieces: number[]): number[] {
  for (let i = 0; i < pieces.length; i += 2)
    if (pieces[i] === pieces[i + 1]) return pieces.filter((_, k) => pieces[k - (k % 2)] !== pieces[k - (k % 2) + 1]);
  return pieces;
}
