import type { PartDetail, RowDetail } from './analysis-types.ts';
import { REASONS } from './mask/policy.ts';

/** `sft-lens inspect --json`: one object a row, the machine-readable face of the pipeline (design: contracts). */
export function inspectObject(
  at: { readonly row: number; readonly line: number },
  detail: RowDetail,
): Record<string, unknown> {
  const [first, ...others] = detail.parts;
  return {
    row: at.row,
    line: at.line,
    format: detail.format,
    problems: detail.problems.map(({ code, severity, message, pointer, range }) => ({
      code,
      severity,
      message,
      pointer,
      range,
    })),
    ...(first ? partObject(first) : EMPTY),
    ...(first && first.part !== 'row' ? { part: first.part } : {}),
    ...(others.length > 0 ? { others: others.map((part) => ({ part: part.part, ...partObject(part) })) } : {}),
  };
}

const EMPTY = {
  text: null,
  generation: [],
  ids: [],
  spans: [],
  trained: [],
  intended: [],
  reasons: [],
  origins: [],
  counts: { tokens: 0, trained: 0, truncated: 0, trainedCut: 0, perRole: {}, perMessage: [] },
};

function partObject(part: PartDetail): Record<string, unknown> {
  return {
    text: part.text,
    generation: part.generation ?? [],
    ids: [...part.ids],
    spans: [...part.starts].map((start, i) => [start, part.ends[i]]),
    trained: [...part.trained],
    intended: [...(part.intended ?? part.trained)],
    reasons: [...part.reasons].map((reason) => REASONS[reason]),
    origins: originsOf(part),
    counts: {
      ...part.counts,
      perRole: part.perRole,
      perMessage: part.perMessage.map(({ role, tokens, trained }) => ({ role, tokens, trained })),
    },
  };
}

function originsOf(part: PartDetail): unknown[] {
  const origins: unknown[] = [];
  part.segmentStarts.forEach((start, i) => {
    const pointer = part.pointers[part.segmentPointer[i] ?? -1];
    if (pointer === undefined) return;
    const end = part.segmentStarts[i + 1] ?? part.text.length;
    origins.push({ span: [start, end], pointer, offset: part.segmentOffset[i] });
  });
  return origins;
}
