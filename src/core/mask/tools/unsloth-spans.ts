import type { Range } from '../../jsonl/value.ts';
import { holdsAt, type Marker } from './unsloth-cores.ts';

/** What ends an answer besides the user's marker, since 2026.9.7. */
export interface Boundaries {
  /** Ends the answer and is trained. */
  readonly eos: number | null;
  readonly bos: number | null;
  /** Special tokens with which every role's marker begins; empty where the markers share none. */
  readonly opener: readonly number[];
}

/**
 * The trained tokens of Unsloth's `train_on_responses_only`: what follows each response marker, to the next instruction
 * marker or the end of the row; with `boundaries` to the first of these as well. Without them (through 2026.9.6) the search
 * goes on one token behind the instruction marker. A span may be empty.
 */
export function responseSpans(
  ids: ArrayLike<number>,
  instruction: Marker,
  response: Marker,
  boundaries: Boundaries | null,
): Range[] {
  const spans: Range[] = [];
  for (let at = 0; at < ids.length; ) {
    if (!holdsAt(ids, response.core, at)) {
      at++;
      continue;
    }
    const from = forward(ids, response.right, at + response.core.length);
    const { end, next } = endOfAnswer(ids, from, instruction, response, boundaries);
    if (from < ids.length) spans.push([from, end]);
    at = next;
  }
  return spans;
}

/** Where the answer that begins at `from` ends, and where the search goes on. */
function endOfAnswer(
  ids: ArrayLike<number>,
  from: number,
  instruction: Marker,
  response: Marker,
  boundaries: Boundaries | null,
): { readonly end: number; readonly next: number } {
  const last = ids.length - 1;
  for (let at = from; at <= last; at++) {
    if (boundaries !== null) {
      const { eos, bos, opener } = boundaries;
      if (ids[at] === eos) return { end: at + 1, next: at + 1 };
      if (ids[at] === bos || (opener.length > 0 && holdsAt(ids, opener, at)) || holdsAt(ids, response.core, at))
        return { end: at, next: at };
    }
    if (at === last) {
      const end = backward(ids, instruction.left, at);
      return { end: end === last ? ids.length : end, next: ids.length };
    }
    if (holdsAt(ids, instruction.core, at)) {
      const behind = forward(ids, instruction.right, at + instruction.core.length);
      return { end: backward(ids, instruction.left, at), next: boundaries === null ? behind + 1 : behind };
    }
  }
  return { end: ids.length, next: ids.length };
}

/** Behind those of `optional` that stand at `at`. */
function forward(ids: ArrayLike<number>, optional: readonly number[], at: number): number {
  let behind = at;
  for (const id of optional) {
    if (behind >= ids.length || ids[behind] !== id) break;
    behind++;
  }
  return behind;
}

/** Before those of `optional` that stand before `at`. */
function backward(ids: ArrayLike<number>, optional: readonly number[], at: number): number {
  let before = at;
  for (const id of optional.toReversed()) {
    if (before < 1 || ids[before - 1] !== id) break;
    before--;
  }
  return before;
}
