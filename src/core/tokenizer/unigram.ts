import { widthAt } from './aligned.ts';
import { utf8 } from './byte-alphabet.ts';
import { TokenizerError } from './errors.ts';
import { arrayAt, flagAt, type JsonObject, stringAt } from './json.ts';
import type { PieceModel } from './spans.ts';
import { type Vocabulary, vocabularyFromIds } from './vocabulary.ts';

interface TrieNode {
  readonly children: Map<number, TrieNode>;
  id: number;
}

/** An unknown character costs this much more than the least likely token. */
const UNKNOWN_PENALTY = 10;
const NO_ID = -1;

export interface UnigramModel {
  readonly model: PieceModel;
  readonly vocabulary: Vocabulary;
}

/** Unigram: the likeliest cover of the piece (tokenizers 0.23, models/unigram/model.rs `encode_optimized`). */
export function unigram(spec: JsonObject, exactScores: boolean): UnigramModel {
  const { ids, scores } = entriesOf(spec, exactScores);
  const vocabulary = vocabularyFromIds(ids, scores.length);
  const unknown = unknownOf(spec['unk_id'], scores.length);
  const unknownScore =
    scores.reduce((least, score) => Math.min(least, score), Number.POSITIVE_INFINITY) - UNKNOWN_PENALTY;
  const byteFallback = spec['byte_fallback'] !== undefined && flagAt(spec['byte_fallback'], 'model.byte_fallback');
  const byteIds = byteFallback ? fallbackIds(vocabulary) : null;
  const root = trieOf(ids);
  return { model: { tokenize, safeCuts: null }, vocabulary };

  function tokenize(piece: string): Int32Array {
    const { startOf, idAt } = bestPath(piece);
    const triples: number[] = [];
    for (let end = piece.length; end > 0; ) {
      let start = startOf[end]!;
      const isUnknown = idAt[end] === unknown;
      // Neighboring unknown characters become one token.
      while (isUnknown && start > 0 && idAt[start] === unknown) start = startOf[start]!;
      pushBackwards(triples, piece, start, end, isUnknown ? NO_ID : idAt[end]!);
      end = start;
    }
    return Int32Array.from(triples).reverse();
  }

  /** The last token first, and each triple from its end, so that the whole only has to be turned around. */
  function pushBackwards(triples: number[], piece: string, start: number, end: number, id: number): void {
    const text = piece.slice(start, end);
    const known = id === NO_ID ? vocabulary.idOf(text) : id;
    if (known !== undefined) {
      triples.push(end, start, known);
      return;
    }
    const bytes = byteIds === null ? [] : [...utf8(text)].map((byte) => byteIds[byte]!);
    if (bytes.length > 0 && bytes.every((byteId) => byteId !== NO_ID))
      for (const byteId of bytes.reverse()) triples.push(end, start, byteId);
    else triples.push(end, start, unknown);
  }

  function bestPath(piece: string): { startOf: Int32Array; idAt: Int32Array } {
    const startOf = new Int32Array(piece.length + 1).fill(-1);
    const idAt = new Int32Array(piece.length + 1);
    const best = new Float64Array(piece.length + 1);
    for (let start = 0; start < piece.length; ) {
      const width = widthAt(piece, start);
      let hasSingle = false;
      let node: TrieNode | undefined = root;
      for (let end = start; end < piece.length; ) {
        node = node.children.get(piece.charCodeAt(end));
        end++;
        if (node === undefined) break;
        if (node.id === NO_ID) continue;
        offer(start, end, node.id, scores[node.id]!);
        if (end === start + width) hasSingle = true;
      }
      if (!hasSingle) {
        if (unknown === NO_ID)
          throw new TokenizerError(`The text holds ${JSON.stringify(piece)}, but model.unk_id is not set.`);
        offer(start, start + width, unknown, unknownScore);
      }
      start += width;
    }
    return { startOf, idAt };

    function offer(start: number, end: number, id: number, score: number): void {
      const total = score + best[start]!;
      if (startOf[end] !== -1 && total <= best[end]!) return;
      best[end] = total;
      startOf[end] = start;
      idAt[end] = id;
    }
  }
}

function entriesOf(spec: JsonObject, exactScores: boolean): { ids: Map<string, number>; scores: number[] } {
  const ids = new Map<string, number>();
  const scores: number[] = [];
  arrayAt(spec['vocab'], 'model.vocab').forEach((entry, id) => {
    const pair = arrayAt(entry, `model.vocab[${id}]`);
    const score = pair[1];
    if (typeof score !== 'number' || pair.length !== 2)
      throw new TokenizerError(`model.vocab[${id}] must be a token and a number.`);
    ids.set(stringAt(pair[0], `model.vocab[${id}][0]`), id);
    scores.push(exactScores ? score : asSerdeReads(score));
  });
  return { ids, scores };
}

/**
 * serde_json, which tokenizers reads its files with, divides the digits by a power of ten, so that its numbers are
 * now and then one step off. That decides between covers of equal likelihood.
 */
function asSerdeReads(score: number): number {
  const [, whole = '', fraction = '', exponent = '0'] =
    /^-?(\d+)(?:\.(\d+))?(?:e([-+]\d+))?$/.exec(String(score)) ?? [];
  const power = Number(exponent) - fraction.length;
  const digits = Number(whole + fraction);
  const read = power < 0 ? digits / 10 ** -power : digits * 10 ** power;
  return score < 0 ? -read : read;
}

function unknownOf(value: unknown, size: number): number {
  if (value === null || value === undefined) return NO_ID;
  if (typeof value !== 'number' || !Number.isInteger(value) || !(value >= 0 && value < size))
    throw new TokenizerError(`model.unk_id ${JSON.stringify(value)} is not in the vocabulary.`);
  return value;
}

function trieOf(ids: ReadonlyMap<string, number>): TrieNode {
  const root: TrieNode = { children: new Map(), id: NO_ID };
  for (const [token, id] of ids) {
    let node = root;
    for (let i = 0; i < token.length; i++) {
      const code = token.charCodeAt(i);
      let child = node.children.get(code);
      if (child === undefined) {
        child = { children: new Map(), id: NO_ID };
        node.children.set(code, child);
      }
      node = child;
    }
    if (node !== root) node.id = id;
  }
  return root;
}

function fallbackIds(vocabulary: Vocabulary): number[] {
  return Array.from(
    { length: 256 },
    (_, byte) => vocabulary.idOf(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`) ?? NO_ID,
  );
}
