import type { PartDetail } from '../../../core/analysis-types.ts';

/**
 * Which stretch of the text each token draws, so that every character is drawn exactly once. UTF-16 units.
 * Tokens of one character (its bytes) share its span: the first draws it, the others draw `[n, n)`, a byte mark.
 */
export interface DrawSpans {
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Text that no token covers stands in `[gap[i], from[i])` before token `i`; the last entry ends at the text's end. */
  readonly gap: Int32Array;
}

export function drawSpans(part: Pick<PartDetail, 'text' | 'starts' | 'ends'>): DrawSpans {
  const { starts, ends } = part;
  const count = starts.length;
  const from = new Int32Array(count + 1);
  const to = new Int32Array(count + 1);
  const gap = new Int32Array(count + 1);
  let drawn = 0;
  for (let i = 0; i < count; i++) {
    gap[i] = drawn;
    from[i] = Math.max(drawn, starts[i] ?? 0);
    to[i] = Math.max(from[i] ?? 0, ends[i] ?? 0);
    drawn = to[i] ?? 0;
  }
  gap[count] = drawn;
  from[count] = part.text.length;
  to[count] = part.text.length;
  return { from, to, gap };
}

/** Whether token `i` is one of several that share one character. */
export function isSplit(part: Pick<PartDetail, 'starts' | 'ends'>, i: number): boolean {
  const { starts, ends } = part;
  const overlaps = (a: number, b: number): boolean =>
    a >= 0 && b < starts.length && (starts[b] ?? 0) < (ends[a] ?? 0) && (starts[a] ?? 0) < (ends[b] ?? 0);
  return overlaps(i - 1, i) || overlaps(i, i + 1);
}
