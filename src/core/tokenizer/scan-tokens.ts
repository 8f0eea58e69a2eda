import { createTextUnits, readAscii, readUnits } from './char-kinds.ts';
import { addPiece, createPieceCache, findPiece, hashOf, NOT_FOUND } from './piece-cache.ts';
import type { Scanner } from './scanner.ts';
import type { PieceModel } from './spans.ts';
import { reserveTokens, type TokenBuffer } from './token-buffer.ts';

/** Cuts a text with a scanner and finds the tokens of its pieces. */
export interface ScanTokens {
  /** Reads a text that is to be cut; false, and not read, where it is not ASCII. */
  readAscii(text: string): boolean;
  /** Reads any well-formed text. */
  read(text: string): void;
  /** The tokens of units `from` to `to` of the text read last, each with its place in the text plus `offset`. */
  push(text: string, from: number, to: number, offset: number): void;
}

export function createScanTokens(scan: Scanner, model: PieceModel, buffer: TokenBuffer): ScanTokens {
  const cache = createPieceCache();
  const view = createTextUnits();
  return {
    readAscii: (text) => readAscii(view, text) === text.length,
    read: (text) => readUnits(view, text),
    push,
  };

  function push(text: string, from: number, to: number, offset: number): void {
    const { units, kinds } = view;
    // Most pieces are one token.
    reserveTokens(buffer, to - from);
    let { ids, starts, ends, count } = buffer;
    for (let at = from; at < to; ) {
      const end = scan(kinds, units, at, to);
      const hash = hashOf(units, at, end);
      let value = findPiece(cache, hash, units, at, end);
      if (value === NOT_FOUND) {
        const tokens = model.tokenize(text.slice(at, end));
        addPiece(cache, hash, units, at, end, tokens);
        if (typeof tokens === 'number') value = tokens;
        else {
          buffer.count = count;
          pushTriples(tokens, 0, tokens.length, offset + at, to - end);
          ({ ids, starts, ends, count } = buffer);
          at = end;
          continue;
        }
      }
      if (value >= 0) {
        ids[count] = value;
        starts[count] = offset + at;
        ends[count++] = offset + end;
      } else {
        const first = ~value + 1;
        buffer.count = count;
        pushTriples(cache.tokens, first, first + 3 * cache.tokens[first - 1]!, offset + at, to - end);
        ({ ids, starts, ends, count } = buffer);
      }
      at = end;
    }
    buffer.count = count;
  }

  /** Leaves room for `more` tokens. */
  function pushTriples(triples: Int32Array, from: number, to: number, place: number, more: number): void {
    reserveTokens(buffer, (to - from) / 3 + more);
    const { ids, starts, ends } = buffer;
    let { count } = buffer;
    for (let i = from; i < to; i += 3) {
      ids[count] = triples[i]!;
      starts[count] = place + triples[i + 1]!;
      ends[count] = place + triples[i + 2]!;
      count++;
    }
    buffer.count = count;
  }
}
