import type { PieceTokens } from './spans.ts';

/**
 * The tokens of pieces, found by their UTF-16 units without making a string. Open addressing; each slot is four words
 * in one cache line: hash, place of the text, its length (0: free), and the token's id or, as `~place`, where its
 * tokens stand: their number, then triples id, start, end.
 */
export interface PieceCache {
  slots: Int32Array;
  mask: number;
  count: number;
  texts: Uint16Array;
  textEnd: number;
  tokens: Int32Array;
  tokenEnd: number;
}

/** Longer pieces are not remembered: they rarely come again. */
const LONGEST = 127;
/** Words of one slot. */
const SLOT = 4;
// The cache is emptied when one of these is reached, which bounds it at 4 MB of slots, 2 MB of text and 4 MB of tokens.
// On English text 2-3 % of pieces are new.
const MOST_PIECES = 1 << 17;
const MOST_TEXT = 1 << 20;
const MOST_TOKENS = 1 << 20;

export function createPieceCache(): PieceCache {
  const pieces = 1 << 12;
  return {
    slots: new Int32Array(2 * pieces * SLOT),
    mask: 2 * pieces - 1,
    count: 0,
    texts: new Uint16Array(8 * pieces),
    textEnd: 0,
    tokens: new Int32Array(8 * pieces),
    tokenEnd: 0,
  };
}

export function hashOf(units: Uint16Array, from: number, to: number): number {
  let hash = to - from;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ units[i]!, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}

/** What a slot's last word holds for the piece, or `NOT_FOUND`. */
export function findPiece(cache: PieceCache, hash: number, units: Uint16Array, from: number, to: number): number {
  const { slots, mask, texts } = cache;
  const length = to - from;
  for (let index = hash & mask; ; index = (index + 1) & mask) {
    const at = index * SLOT;
    const found = slots[at + 2]!;
    if (found === 0) return NOT_FOUND;
    if (slots[at] !== hash || found !== length) continue;
    const text = slots[at + 1]! - from;
    let i = from;
    while (i < to && texts[text + i] === units[i]) i++;
    if (i === to) return slots[at + 3]!;
  }
}

/** No id and no place. */
export const NOT_FOUND = 0x7fffffff;

/** Remembers a piece that is not there yet. */
export function addPiece(
  cache: PieceCache,
  hash: number,
  units: Uint16Array,
  from: number,
  to: number,
  tokens: PieceTokens,
): void {
  const length = to - from;
  if (length > LONGEST) return;
  const words = typeof tokens === 'number' ? 0 : 1 + tokens.length;
  if (cache.count === MOST_PIECES || cache.textEnd + length > MOST_TEXT || cache.tokenEnd + words > MOST_TOKENS)
    clear(cache);
  reserve(cache, length, words);
  let value = 0;
  if (typeof tokens === 'number') value = tokens;
  else {
    value = ~cache.tokenEnd;
    cache.tokens[cache.tokenEnd] = tokens.length / 3;
    cache.tokens.set(tokens, cache.tokenEnd + 1);
    cache.tokenEnd += words;
  }
  const at = freeSlot(cache.slots, cache.mask, hash);
  cache.slots[at] = hash;
  cache.slots[at + 1] = cache.textEnd;
  cache.slots[at + 2] = length;
  cache.slots[at + 3] = value;
  cache.texts.set(units.subarray(from, to), cache.textEnd);
  cache.textEnd += length;
  cache.count++;
}

function clear(cache: PieceCache): void {
  cache.slots.fill(0);
  cache.count = 0;
  cache.textEnd = 0;
  cache.tokenEnd = 0;
}

/** Room for one more piece; at most half of the slots are taken. */
function reserve(cache: PieceCache, text: number, words: number): void {
  if (cache.textEnd + text > cache.texts.length) {
    const grown = new Uint16Array(2 * cache.texts.length);
    grown.set(cache.texts);
    cache.texts = grown;
  }
  if (cache.tokenEnd + words > cache.tokens.length) {
    const grown = new Int32Array(2 * cache.tokens.length);
    grown.set(cache.tokens);
    cache.tokens = grown;
  }
  if (2 * cache.count <= cache.mask) return;
  const { slots } = cache;
  cache.mask = 2 * cache.mask + 1;
  cache.slots = new Int32Array(2 * slots.length);
  for (let from = 0; from < slots.length; from += SLOT)
    if (slots[from + 2] !== 0)
      cache.slots.set(slots.subarray(from, from + SLOT), freeSlot(cache.slots, cache.mask, slots[from]!));
}

function freeSlot(slots: Int32Array, mask: number, hash: number): number {
  let index = hash & mask;
  while (slots[index * SLOT + 2] !== 0) index = (index + 1) & mask;
  return index * SLOT;
}
