import type { PartDetail } from '../../../core/analysis-types.ts';
import { REASONS, type Reason } from '../../../core/mask/policy.ts';

/** One token of a test row. `again`: it shares the span of the token before it. */
export interface TestToken {
  readonly text: string;
  readonly turn: number;
  readonly trained?: boolean;
  readonly reason?: Reason;
  readonly control?: boolean;
  readonly pointer?: string;
  readonly offset?: number;
  readonly again?: boolean;
}

/** A part of a row, for tests. */
export function testPart(
  tokens: readonly TestToken[],
  roles: readonly string[],
  change: Partial<PartDetail> = {},
): PartDetail {
  let text = '';
  const starts: number[] = [];
  const ends: number[] = [];
  const segments: { start: number; pointer: number; offset: number; length: number }[] = [];
  const pointers: string[] = [];
  for (const token of tokens) {
    const start = token.again ? (starts.at(-1) ?? 0) : text.length;
    if (!token.again) {
      text += token.text;
      const known = token.pointer === undefined ? -1 : pointers.indexOf(token.pointer);
      const pointer = token.pointer === undefined || known >= 0 ? known : pointers.push(token.pointer) - 1;
      segments.push({ start, pointer, offset: token.offset ?? 0, length: pointer < 0 ? 0 : token.text.length });
    }
    starts.push(start);
    ends.push(start + token.text.length);
  }
  const trained = tokens.map((token) => (token.trained ? 1 : 0));
  return {
    part: 'row',
    text,
    ids: Int32Array.from(tokens, (_, i) => 100 + i),
    starts: Int32Array.from(starts),
    ends: Int32Array.from(ends),
    trained: Uint8Array.from(trained),
    intended: null,
    reasons: Uint8Array.from(tokens, (token) =>
      REASONS.indexOf(token.reason ?? (token.trained ? 'assistant-content' : 'masked-role')),
    ),
    turns: Int16Array.from(tokens, (token) => token.turn),
    control: Uint8Array.from(tokens, (token) => (token.control ? 1 : 0)),
    roles,
    messagePointers: roles.map((_, i) => `/messages/${i}`),
    pointers,
    segmentStarts: Int32Array.from(segments, (segment) => segment.start),
    segmentPointer: Int32Array.from(segments, (segment) => segment.pointer),
    segmentOffset: Int32Array.from(segments, (segment) => segment.offset),
    segmentLength: Int32Array.from(segments, (segment) => segment.length),
    generation: null,
    counts: { tokens: tokens.length, trained: trained.filter(Boolean).length, truncated: 0, trainedCut: 0 },
    perRole: {},
    perMessage: [],
    fields: [],
    maskFrom: 'markers',
    ...change,
  };
}
