import { type Aligned, originalEnd, originalStart, prepended, slice, untouched, widthAt } from './aligned.ts';
import type { Encoding, Tokenizer } from './encoding.ts';
import { keepsAscii, type Normalizer, toByteLevel } from './normalize.ts';
import { type Edges, edgesOf, type PostStep, type TemplatePart } from './post-process.ts';
import { applyMetaspace, cutPieces, type Stage } from './pretokenize.ts';
import type { Pattern } from './regex.ts';
import { beginText, endText } from './regex-matcher.ts';
import { createScanTokens, type ScanTokens } from './scan-tokens.ts';
import { scriptPieces } from './scripts.ts';
import type { PieceModel, PieceTokens } from './spans.ts';
import { type FoundTokens, findTokens, type Splitter } from './splitter.ts';
import { createTokenBuffer, pushToken, reserveTokens, toEncoding } from './token-buffer.ts';
import { wellFormed } from './well-formed.ts';

/** A tokenizer.json, compiled. */
export interface Program {
  /** Added tokens that are looked for in the text as it is. */
  readonly rawTokens: Splitter | null;
  readonly normalizer: Normalizer | null;
  /** Added tokens that are looked for after normalization. */
  readonly normalizedTokens: Splitter | null;
  readonly stages: readonly Stage[];
  readonly model: PieceModel;
  readonly postSteps: readonly PostStep[];
  /** A token's spelling in the vocabulary; only white space at its ends matters here. */
  readonly spellingOf: (id: number) => string | undefined;
}

type Encoder = (text: string, addSpecialTokens: boolean) => Encoding;

/** Longer pieces are not remembered: they rarely come again. */
const CACHED_LENGTH = 128;
/** The cache is emptied when it holds so many pieces; on English text 2-3 % of pieces are new. */
const CACHED_PIECES = 100_000;
/** V8 keeps the whole text alive for a slice of 13 units or more, so longer keys are copied. */
const SLICE_LENGTH = 13;

/** `Tokenizer.encode`. What encodes without added tokens is made when it is first asked for. */
export function encodeWith(program: Program): Tokenizer['encode'] {
  const encode = createEncoder(program);
  let plain: Encoder | null = null;
  return (text, options) => {
    if (options?.addedTokens !== false) return encode(text, options?.addSpecialTokens === true);
    plain ??= createEncoder({ ...program, rawTokens: null, normalizedTokens: null });
    return plain(text, false);
  };
}

/** Not reentrant: one text at a time. */
function createEncoder(program: Program): Encoder {
  const { rawTokens, normalizer, normalizedTokens, stages, model, postSteps } = program;
  const buffer = createTokenBuffer();
  const cache = new Map<string, PieceTokens>();
  const scan = scanOf();
  const onlyScans = stages.length === 1 && normalizedTokens === null && keepsAscii(normalizer) ? scan : null;
  const trims = postSteps.some((step) => step.kind === 'trim');
  const edges = createEdgeTable(program.spellingOf);
  /** White space at the ends of added tokens, by their place among the tokens: they may have taken some along. */
  let addedEdges = new Map<number, Edges>();

  return (input, addSpecialTokens) => {
    const text = wellFormed(input);
    buffer.count = 0;
    if (addedEdges.size > 0) addedEdges.clear();
    beginText(text.length);
    try {
      encodeRaw(text);
    } finally {
      endText();
    }
    for (const step of postSteps) {
      if (step.kind === 'trim') trim(text, step.addPrefixSpace);
      else if (addSpecialTokens) applyTemplate(step.parts);
      else applyTemplate(step.parts.filter((part) => part === 'text'));
    }
    return toEncoding(buffer);
  };

  function encodeRaw(text: string): void {
    if (text === '') return;
    const found = rawTokens === null ? [] : findTokens(rawTokens, text);
    if (onlyScans?.readAscii(text)) {
      scanSections(text, found, onlyScans);
      return;
    }
    let end = 0;
    for (let i = 0; i < found.length; i += 3) {
      const start = found[i]!;
      if (start > end) encodeSection(untouched(text.slice(end, start), end));
      end = found[i + 1]!;
      pushAdded(found[i + 2]!, start, end, text, start, end);
    }
    if (end === 0) encodeSection(untouched(text, 0));
    else if (end < text.length) encodeSection(untouched(text.slice(end), end));
  }

  /** What comes after the added tokens were found, where no section needs a string of its own. */
  function scanSections(text: string, found: FoundTokens, scan: ScanTokens): void {
    let end = 0;
    for (let i = 0; i < found.length; i += 3) {
      const start = found[i]!;
      scan.push(text, end, start, 0);
      end = found[i + 1]!;
      pushAdded(found[i + 2]!, start, end, text, start, end);
    }
    scan.push(text, end, text.length, 0);
  }

  function encodeSection(raw: Aligned): void {
    const section = normalizer === null ? raw : normalizer(raw);
    const { text } = section;
    if (text === '') return;
    const found = normalizedTokens === null ? null : findTokens(normalizedTokens, text);
    if (found === null || found.length === 0) {
      encodePiece(section, 0, text, 0);
      return;
    }
    let end = 0;
    for (let i = 0; i < found.length; i += 3) {
      const start = found[i]!;
      if (start > end) encodePiece(section, end, text.slice(end, start), 0);
      end = found[i + 1]!;
      pushAdded(found[i + 2]!, originalStart(section, start), originalEnd(section, end), text, start, end);
    }
    if (end < text.length) encodePiece(section, end, text.slice(end), 0);
  }

  function pushAdded(id: number, start: number, end: number, text: string, from: number, to: number): void {
    if (trims) addedEdges.set(buffer.count, edgesOf(text.slice(from, to)));
    pushToken(buffer, id, start, end);
  }

  /** Runs the stages from number `next` on over `piece`, which begins at unit `at` of `view`. */
  function encodePiece(view: Aligned, at: number, piece: string, next: number): void {
    const stage = stages[next];
    if (stage === undefined) {
      encodeWord(view, at, piece);
      return;
    }
    switch (stage.kind) {
      case 'cut':
        if (scan !== null && next === stages.length - 1) scanPiece(view, at, piece, scan);
        else if (stage.behavior === 'Isolated') isolate(view, at, piece, stage.pattern, next + 1);
        else {
          const pieces = cutPieces(piece, stage);
          for (let i = 0; i < pieces.length; i += 2)
            encodePiece(view, at + pieces[i]!, piece.slice(pieces[i], pieces[i + 1]), next + 1);
        }
        return;
      case 'prefix': {
        const own = slice(view, at, at + piece.length);
        const prefixed = piece.startsWith(' ') ? own : prepended(own, ' ');
        encodePiece(prefixed, 0, prefixed.text, next + 1);
        return;
      }
      case 'metaspace': {
        const marked = applyMetaspace(slice(view, at, at + piece.length), stage);
        const { text } = marked;
        let start = 0;
        while (start < text.length) {
          const found = stage.split ? text.indexOf(stage.replacement, start + 1) : -1;
          const stop = found < 0 ? text.length : found;
          encodePiece(marked, start, text.slice(start, stop), next + 1);
          start = stop;
        }
        return;
      }
      case 'bytes': {
        const bytes = toByteLevel(slice(view, at, at + piece.length));
        encodePiece(bytes, 0, bytes.text, next + 1);
        return;
      }
      case 'scripts': {
        const pieces = scriptPieces(piece);
        for (let i = 0; i < pieces.length; i += 2)
          encodePiece(view, at + pieces[i]!, piece.slice(pieces[i], pieces[i + 1]), next + 1);
        return;
      }
      case 'chunks':
        for (let start = 0; start < piece.length; ) {
          let stop = start;
          for (let i = 0; i < stage.length && stop < piece.length; i++) stop += widthAt(piece, stop);
          encodePiece(view, at + start, piece.slice(start, stop), next + 1);
          start = stop;
        }
        return;
      default:
        stage satisfies never;
    }
  }

  /** Cuts out every match and keeps what is between. */
  function isolate(view: Aligned, at: number, piece: string, pattern: Pattern, next: number): void {
    const bounds = pattern(piece);
    const isLast = next === stages.length;
    if (isLast && model.safeCuts === null && isIdentity(view)) {
      emitAll(piece, bounds, view.origin + at);
      return;
    }
    let end = 0;
    for (let i = 0; i <= bounds.length; i += 2) {
      const start = bounds[i] ?? piece.length;
      const stop = bounds[i + 1] ?? start;
      if (start > end) encodePiece(view, at + end, piece.slice(end, start), next);
      if (stop > start) encodePiece(view, at + start, piece.slice(start, stop), next);
      end = stop;
    }
  }

  /** The scanner of the last stage, where pieces go to the model as it finds them. */
  function scanOf(): ScanTokens | null {
    const last = stages.at(-1);
    if (last?.kind !== 'cut' || last.scan === null || model.safeCuts !== null) return null;
    return createScanTokens(last.scan, model, buffer);
  }

  function scanPiece(view: Aligned, at: number, piece: string, scan: ScanTokens): void {
    scan.read(piece);
    if (isIdentity(view)) {
      scan.push(piece, 0, piece.length, view.origin + at);
      return;
    }
    const first = buffer.count;
    scan.push(piece, 0, piece.length, at);
    const { starts, ends, count } = buffer;
    for (let i = first; i < count; i++) {
      starts[i] = originalStart(view, starts[i]!);
      ends[i] = originalEnd(view, ends[i]!);
    }
  }

  function encodeWord(view: Aligned, at: number, word: string): void {
    const cuts = model.safeCuts === null ? [] : model.safeCuts(word);
    let start = 0;
    for (let i = 0; i < cuts.length; i++) {
      const stop = cuts[i]!;
      emit(view, at + start, word.slice(start, stop));
      start = stop;
    }
    emit(view, at + start, start === 0 ? word : word.slice(start));
  }

  /** `emit` for the pieces of a text as it was given, those between the bounds too: nearly all text takes this way. */
  function emitAll(text: string, bounds: readonly number[], from: number): void {
    reserveTokens(buffer, bounds.length + 1);
    let { ids, starts, ends, count } = buffer;
    let place = 0;
    for (let b = 0; b <= bounds.length; b++) {
      const stop = b < bounds.length ? bounds[b]! : text.length;
      if (stop === place) continue;
      const piece = text.slice(place, stop);
      const tokens = cache.get(piece) ?? tokenize(piece);
      if (typeof tokens === 'number') {
        ids[count] = tokens;
        starts[count] = from + place;
        ends[count] = from + stop;
        count++;
      } else {
        buffer.count = count;
        reserveTokens(buffer, tokens.length / 3 + bounds.length + 1 - b);
        ({ ids, starts, ends } = buffer);
        for (let i = 0; i < tokens.length; i += 3) {
          ids[count] = tokens[i]!;
          starts[count] = from + place + tokens[i + 1]!;
          ends[count] = from + place + tokens[i + 2]!;
          count++;
        }
      }
      place = stop;
    }
    buffer.count = count;
  }

  function emit(view: Aligned, at: number, piece: string): void {
    const tokens = cache.get(piece) ?? tokenize(piece);
    const asGiven = isIdentity(view);
    if (typeof tokens === 'number') {
      const end = at + piece.length;
      if (asGiven) pushToken(buffer, tokens, view.origin + at, view.origin + end);
      else pushToken(buffer, tokens, originalStart(view, at), originalEnd(view, end));
      return;
    }
    reserveTokens(buffer, tokens.length / 3);
    const { ids, starts, ends } = buffer;
    let { count } = buffer;
    const offset = view.origin + at;
    for (let i = 0; i < tokens.length; i += 3) {
      ids[count] = tokens[i]!;
      starts[count] = asGiven ? offset + tokens[i + 1]! : originalStart(view, at + tokens[i + 1]!);
      ends[count] = asGiven ? offset + tokens[i + 2]! : originalEnd(view, at + tokens[i + 2]!);
      count++;
    }
    buffer.count = count;
  }

  function tokenize(piece: string): PieceTokens {
    const tokens = model.tokenize(piece);
    if (piece.length < CACHED_LENGTH) {
      if (cache.size >= CACHED_PIECES) cache.clear();
      cache.set(piece.length < SLICE_LENGTH ? piece : copyOf(piece), tokens);
    }
    return tokens;
  }

  function trim(text: string, addPrefixSpace: boolean): void {
    const { ids, starts, ends, count } = buffer;
    for (let i = 0; i < count; i++) {
      let { leading, trailing } = addedEdges.get(i) ?? edges(ids[i]!);
      if (leading === 0 && trailing === 0) continue;
      // Where the text before the end has fewer characters, tokenizers leaves the end alone.
      if (trailing > 0 && !hasChars(text, ends[i]!, trailing)) trailing = 0;
      // One leading space on the first token is the one that was put there (pre_tokenizers/byte_level.rs, process_offsets).
      if ((i === 0 || starts[i] === 0) && addPrefixSpace && leading === 1) leading = 0;
      // The counts are characters, which need not be the spaces themselves where one was put in front.
      for (; leading > 0 && starts[i]! < ends[i]!; leading--) starts[i]! += widthAt(text, starts[i]!);
      for (; trailing > 0 && ends[i]! > starts[i]!; trailing--) ends[i]! -= widthBefore(text, ends[i]!);
    }
  }

  function applyTemplate(parts: readonly TemplatePart[]): void {
    const text = toEncoding(buffer);
    if (parts.length === 1 && parts[0] === 'text') return;
    const shifted = new Map<number, Edges>();
    buffer.count = 0;
    for (const part of parts) {
      if (part === 'text') {
        for (const [index, found] of addedEdges) shifted.set(buffer.count + index, found);
        reserveTokens(buffer, text.ids.length);
        buffer.ids.set(text.ids, buffer.count);
        buffer.starts.set(text.starts, buffer.count);
        buffer.ends.set(text.ends, buffer.count);
        buffer.count += text.ids.length;
      } else for (const id of part) pushToken(buffer, id, 0, 0);
    }
    addedEdges = shifted;
  }
}

/** Whether places in the view are those of the text that was given, but for its origin. */
const isIdentity = (view: Aligned): boolean => view.starts === null && view.inserted === 0;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The same characters in a string of its own. */
function copyOf(text: string): string {
  return decoder.decode(encoder.encode(text));
}

function widthBefore(text: string, index: number): number {
  return index >= 2 && widthAt(text, index - 2) === 2 ? 2 : 1;
}

/** Whether `count` characters stand before unit `end`. */
function hasChars(text: string, end: number, count: number): boolean {
  if (end >= 2 * count) return true;
  let found = 0;
  for (let at = 0; at < end && found < count; at += widthAt(text, at)) found++;
  return found >= count;
}

/** White space at the ends of each token, found once a token. */
function createEdgeTable(spellingOf: Program['spellingOf']): (id: number) => Edges {
  const known = new Map<number, Edges>();
  return (id) => {
    let edges = known.get(id);
    if (edges === undefined) known.set(id, (edges = edgesOf(spellingOf(id) ?? '')));
    return edges;
  };
}
