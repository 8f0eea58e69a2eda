import { Float, isArray, isObject, type Value } from '../../jsonl/value.ts';
import type { Tokenizer } from '../../tokenizer/encoding.ts';

/** A piece of a message's text, in code points; the end is included. */
export interface TrainDetail {
  readonly begin: number;
  readonly end: number;
  readonly train: boolean;
}

/**
 * The training details of a message: of its content's parts where one of them has a flag (`train`, `weight`), else those of
 * its own field. Null where it has none.
 */
export function trainDetails(content: Value | undefined, field: Value): TrainDetail[] | null {
  if (isArray(content)) {
    const parts = content.filter(isObject);
    if (parts.some((part) => partFlag(part) !== null)) return partDetails(parts);
  }
  if (!isArray(field)) return null;
  return field.filter(isObject).map((detail) => ({
    begin: numberOf(detail.get('begin_offset')),
    end: numberOf(detail.get('end_offset')),
    train: isTrue(detail.get('train')),
  }));
}

function partDetails(parts: readonly ReadonlyMap<string, Value>[]): TrainDetail[] {
  const details: TrainDetail[] = [];
  let begin = 0;
  for (const part of parts) {
    const { length } = Array.from(partText(part));
    if (length > 0) details.push({ begin, end: begin + length - 1, train: partFlag(part) ?? true });
    begin += length;
  }
  return details;
}

/** What of a content part is text. */
export function partText(part: Value): string {
  if (!isObject(part)) return '';
  for (const key of ['text', 'content', 'value']) {
    const text = part.get(key);
    if (typeof text === 'string' && text !== '') return text;
  }
  return '';
}

function partFlag(part: ReadonlyMap<string, Value>): boolean | null {
  const train = part.get('train') ?? null;
  if (train !== null) return isTrue(train);
  const weight = part.get('weight') ?? null;
  return weight === null ? null : numberOf(weight) !== 0;
}

const numberOf = (value: Value | undefined): number =>
  value instanceof Float ? value.value : typeof value === 'string' ? Number.NaN : Number(value);

const isTrue = (value: Value | undefined): boolean => (value instanceof Float ? value.value !== 0 : Boolean(value));

/**
 * Which tokens of a text are trained: those that lie wholly in a trained piece, once its ends have been moved outwards to
 * ends of tokens.
 */
export function detailTokens(tokenizer: Tokenizer, text: string, details: readonly TrainDetail[]): boolean[] {
  const offsets = tokenOffsets(tokenizer, text);
  const pieces = details.flatMap((detail) => onTokens(detail, offsets));
  return offsets.map(([start, end]) => pieces.some((piece) => piece.train && start >= piece.begin && end <= piece.end));
}

type Offset = readonly [start: number, end: number];

/** Each token from its start to before the start of the next, in code points. */
function tokenOffsets(tokenizer: Tokenizer, text: string): Offset[] {
  const { starts } = tokenizer.encode(text);
  const codePoints = Array.from(starts, (start) => Array.from(text.slice(0, start)).length);
  const { length } = Array.from(text);
  return codePoints.map((start, i) => [start, (codePoints[i + 1] ?? length) - 1]);
}

function onTokens(detail: TrainDetail, offsets: readonly Offset[]): TrainDetail[] {
  let first = offsets.findIndex(([start]) => start >= detail.begin);
  if (first < 0) first = offsets.length;
  if (first > 0 && offsets[first - 1]![1] > detail.begin) first--;
  let last = offsets.findLastIndex(([, end]) => end <= detail.end);
  if (last < offsets.length - 1 && offsets[last + 1]![0] < detail.end) last++;
  return first <= last ? [{ ...detail, begin: offsets[first]![0], end: offsets[last]![1] }] : [];
}
