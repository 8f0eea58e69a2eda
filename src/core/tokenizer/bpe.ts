import { widthAt } from './aligned.ts';
import { BYTE_CHARS, toByteChars, utf8 } from './byte-alphabet.ts';
import { TokenizerError } from './errors.ts';
import { arrayAt, type JsonObject, optionalFlag, optionalString } from './json.ts';
import { createSymbols, mergeSymbols, reserveSymbols, type Symbols } from './merge-loop.ts';
import { addMerge, createMergeTable, type MergeTable } from './merge-table.ts';
import { type PieceModel, type PieceTokens, triplesOfByteLengths, triplesOfBytes } from './spans.ts';
import { unknownUnknown, type Vocabulary } from './vocabulary.ts';

/** The BPE model of tokenizer.json (tokenizers 0.23, models/bpe/model.rs). */
export interface BpeSettings {
  readonly unknownToken: string | null;
  readonly fuseUnknown: boolean;
  readonly byteFallback: boolean;
  /** A piece that is a token by itself is not merged. */
  readonly ignoreMerges: boolean;
  readonly continuingPrefix: string;
  readonly endSuffix: string;
  readonly merges: boolean;
}

export function bpeSettings(model: JsonObject): BpeSettings {
  const flag = (key: string) => optionalFlag(model[key], false, `model.${key}`);
  const text = (key: string) => optionalString(model[key], `model.${key}`);
  return {
    unknownToken: text('unk_token'),
    fuseUnknown: flag('fuse_unk'),
    byteFallback: flag('byte_fallback'),
    ignoreMerges: flag('ignore_merges'),
    continuingPrefix: text('continuing_subword_prefix') ?? '',
    endSuffix: text('end_of_word_suffix') ?? '',
    merges: merges(model['dropout']),
  };
}

/** Dropout leaves merges out at random; at 1 it leaves out all of them. */
function merges(dropout: unknown): boolean {
  if (dropout === null || dropout === undefined || dropout === 0) return true;
  if (typeof dropout !== 'number' || dropout < 0 || dropout > 1)
    throw new TokenizerError(`model.dropout must be a number from 0 to 1, but is ${JSON.stringify(dropout)}.`);
  if (dropout < 1)
    throw new TokenizerError(
      `model.dropout is ${dropout}: the same text gets other tokens each time. Set it to null, as it is when a model is used.`,
    );
  return false;
}

/** The merges of tokenizer.json: `"a b"` or `["a", "b"]` each. */
export function mergesOf(model: JsonObject, vocabulary: Vocabulary, settings: BpeSettings): MergeTable {
  const listed = arrayAt(model['merges'], 'model.merges');
  if (!settings.merges) return createMergeTable(0);
  const merges = listed.filter((merge) => typeof merge !== 'string' || !merge.startsWith('#version'));
  const table = createMergeTable(merges.length);
  const skipped = settings.continuingPrefix.length;
  for (let rank = 0; rank < merges.length; rank++) {
    const merge: unknown = merges[rank];
    let left: string;
    let right: string;
    if (typeof merge === 'string') {
      const space = merge.indexOf(' ');
      if (space < 0 || merge.indexOf(' ', space + 1) >= 0)
        throw new TokenizerError(
          `model.merges[${rank}]: ${JSON.stringify(merge)} is not two tokens with a space between.`,
        );
      left = merge.slice(0, space);
      right = merge.slice(space + 1);
    } else if (
      Array.isArray(merge) &&
      typeof merge[0] === 'string' &&
      typeof merge[1] === 'string' &&
      merge.length === 2
    ) {
      left = merge[0];
      right = merge[1];
    } else throw new TokenizerError(`model.merges[${rank}] must be two tokens, but is ${JSON.stringify(merge)}.`);
    const leftId = vocabulary.idOf(left);
    const rightId = vocabulary.idOf(right);
    const merged = vocabulary.idOf(skipped === 0 ? left + right : left + right.slice(skipped));
    if (leftId === undefined || rightId === undefined || merged === undefined)
      throw brokenMerge(rank, left, right, leftId === undefined ? left : rightId === undefined ? right : null);
    addMerge(table, leftId, rightId, rank, merged);
  }
  return table;
}

function brokenMerge(rank: number, left: string, right: string, missing: string | null): TokenizerError {
  const what =
    missing === null
      ? 'joins to a token that is not in the vocabulary'
      : `uses ${JSON.stringify(missing)}, which is not in the vocabulary`;
  return new TokenizerError(`model.merges[${rank}]: ${JSON.stringify(`${left} ${right}`)} ${what}.`);
}

const MISSING = -1;

/** The ids of the 256 bytes in a byte-level vocabulary; -1 where one is missing. */
export function byteIdsOf(vocabulary: Vocabulary): Int32Array {
  return Int32Array.from(BYTE_CHARS, (char) => vocabulary.idOf(char) ?? MISSING);
}

/**
 * BPE over UTF-8 bytes: pieces are raw text, the byte alphabet is never spelled out. `wholePieces` serves
 * `ignore_merges`; `spelled`, the same model over the byte alphabet, serves pieces with a byte that has no token.
 */
export function byteBpe(
  byteIds: Int32Array,
  merges: MergeTable,
  wholePieces: Vocabulary | null,
  spelled: PieceModel | null,
): PieceModel {
  const symbols = createSymbols();
  return { tokenize, safeCuts: null };

  function tokenize(piece: string): PieceTokens {
    const bytes = utf8(piece);
    const whole = wholePieces?.idOf(toByteChars(bytes));
    if (whole !== undefined) return whole;
    const length = bytes.length;
    reserveSymbols(symbols, length);
    const { ids, lengths } = symbols;
    for (let i = 0; i < length; i++) {
      const id = byteIds[bytes[i]!]!;
      if (id === MISSING && spelled !== null)
        return triplesOfBytes(piece, length, spelled.tokenize(toByteChars(bytes)));
      ids[i] = id;
      lengths[i] = 1;
    }
    symbols.count = length;
    mergeSymbols(symbols, merges);
    return tokensOf(symbols, piece, length);
  }
}

function tokensOf(symbols: Symbols, piece: string, byteLength: number): PieceTokens {
  const { ids, lengths, count } = symbols;
  if (count === 1 && lengths[0] === byteLength) return ids[0]!;
  return triplesOfByteLengths(piece, byteLength, ids, lengths, count);
}

/** BPE over characters (SentencePiece style), with byte fallback and unknown tokens. */
export function charBpe(vocabulary: Vocabulary, merges: MergeTable, settings: BpeSettings): PieceModel {
  const symbols = createSymbols();
  const { unknownToken, fuseUnknown, continuingPrefix, endSuffix } = settings;
  const unknown = unknownToken === null ? undefined : vocabulary.idOf(unknownToken);
  const fallback = settings.byteFallback ? fallbackIds(vocabulary) : null;
  // Where characters may be left out, all that follow are moved to the front.
  const keepsAll = unknown !== undefined || fallback?.every((id) => id !== MISSING) === true;
  const isPlain = keepsAll && !settings.ignoreMerges && continuingPrefix === '' && endSuffix === '';
  return { tokenize, safeCuts: isPlain ? safeCutsOf(vocabulary) : null };

  function tokenize(piece: string): PieceTokens {
    if (settings.ignoreMerges) {
      const whole = vocabulary.idOf(piece);
      if (whole !== undefined) return whole;
    }
    // A character gives at most one symbol for each of its UTF-8 bytes (three a unit), plus one unknown.
    reserveSymbols(symbols, 3 * piece.length + 1);
    symbols.count = 0;
    const byteLength = fill(piece);
    mergeSymbols(symbols, merges);
    return tokensOf(symbols, piece, byteLength);
  }

  /** The initial symbols, in the order of `BPE::merge_word`: an unknown one waits until a known character follows. */
  function fill(piece: string): number {
    let byteLength = 0;
    let waiting = 0;
    for (let at = 0; at < piece.length; ) {
      const width = widthAt(piece, at);
      const char = piece.slice(at, at + width);
      const bytes = utf8Length(char);
      let spelled = char;
      if (at > 0) spelled = continuingPrefix + spelled;
      at += width;
      if (at === piece.length) spelled += endSuffix;
      byteLength += bytes;
      const id = vocabulary.idOf(spelled);
      if (id !== undefined) {
        if (waiting > 0) push(unknown!, waiting);
        waiting = 0;
        push(id, bytes);
        continue;
      }
      if (fallback !== null && pushBytes(spelled)) continue;
      if (unknownToken === null) continue;
      if (unknown === undefined) throw unknownUnknown(unknownToken, char);
      if (waiting > 0 && !fuseUnknown) {
        push(unknown, waiting);
        waiting = 0;
      }
      waiting += bytes;
    }
    if (waiting > 0) push(unknown!, waiting);
    return byteLength;
  }

  function pushBytes(spelled: string): boolean {
    const bytes = utf8(spelled);
    for (const byte of bytes) if (fallback![byte]! < 0) return false;
    for (const byte of bytes) push(fallback![byte]!, 1);
    return true;
  }

  function push(id: number, length: number): void {
    symbols.ids[symbols.count] = id;
    symbols.lengths[symbols.count] = length;
    symbols.count++;
  }
}

function utf8Length(char: string): number {
  if (char.length === 2) return 4;
  const code = char.charCodeAt(0);
  return code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
}

/** The ids of `<0x00>` to `<0xFF>`; -1 where one is missing. */
function fallbackIds(vocabulary: Vocabulary): Int32Array {
  const ids = new Int32Array(256);
  for (let byte = 0; byte < 256; byte++)
    ids[byte] = vocabulary.idOf(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`) ?? MISSING;
  return ids;
}

const WORD_START = '\u2581';

/**
 * Models without a pre-tokenizer (Llama 2, Gemma) see a whole section as one piece. No merge reaches across two
 * characters that stand next to each other in no token, so the text may be cut before a "▁" whose predecessor never
 * precedes one inside a token.
 */
function safeCutsOf(vocabulary: Vocabulary): PieceModel['safeCuts'] {
  if (vocabulary.idOf(WORD_START) === undefined) return null;
  const unsafe = new Set<number>([WORD_START.charCodeAt(0)]);
  for (const token of vocabulary.tokens()) {
    for (let i = token.indexOf(WORD_START, 1); i > 0; i = token.indexOf(WORD_START, i + 1))
      unsafe.add(token.charCodeAt(i - 1));
  }
  return (text) => {
    const cuts: number[] = [];
    for (let i = text.indexOf(WORD_START, 1); i > 0; i = text.indexOf(WORD_START, i + 1))
      if (!unsafe.has(text.charCodeAt(i - 1))) cuts.push(i);
    return cuts;
  };
}
