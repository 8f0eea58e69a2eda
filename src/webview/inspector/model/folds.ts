import type { PartDetail } from '../../../core/analysis-types.ts';
import type { Group } from './groups.ts';
import { originOf } from './origin.ts';
import { STATES } from './states.ts';

/** A stretch of tokens `[from, to)` that is drawn folded, with its count. */
export interface Fold {
  readonly from: number;
  readonly to: number;
  /** How many tools it defines. */
  readonly tools: number;
}

/** Shorter blocks are read faster than they are opened. Tokens. */
const LONG = 32;
/** A role header ends with a line break within this many tokens. */
const HEADER = 8;

const TOOL = /^\/tools\/(\d+)/;
const REST = STATES.indexOf('rest');
const CUT = STATES.indexOf('cut');

/**
 * The block of tool definitions inside a turn: the tools themselves and the template's words around them. Folds only what
 * is untrained on one side of the cut, so that nothing that matters hides.
 */
export function foldOf(part: PartDetail, states: Uint8Array, group: Group): Fold | null {
  if (group.trained > 0 || !part.pointers.some((pointer) => TOOL.test(pointer))) return null;
  const tools = new Set<string>();
  let first = -1;
  let last = -1;
  // 0: template, 1: a tool, 2: the row's own text
  const kinds = new Uint8Array(group.to - group.from);
  for (let i = group.from; i < group.to; i++) {
    const origin = originOf(part, i);
    if (origin === null) continue;
    const tool = TOOL.exec(origin.pointer)?.[1];
    kinds[i - group.from] = tool === undefined ? 2 : 1;
    if (tool === undefined) continue;
    tools.add(tool);
    if (first < 0) first = i;
    last = i;
  }
  if (first < 0) return null;

  let from = first;
  while (from > group.from && kinds[from - 1 - group.from] === 0) from--;
  if (from === group.from) from = Math.min(first, afterHeader(part, group));
  let to = last + 1;
  while (to < group.to && kinds[to - group.from] === 0) to++;
  if (to === group.to) to = beforeEnd(part, last + 1, group.to);

  const inside = states.subarray(from, to);
  const even = inside.every((state) => state === REST) || inside.every((state) => state === CUT);
  return even && to - from >= LONG ? { from, to, tools: tools.size } : null;
}

/** First token after the role header. */
function afterHeader(part: PartDetail, group: Group): number {
  const end = Math.min(group.to, group.from + HEADER);
  for (let i = group.from; i < end; i++) if (part.text.slice(part.starts[i], part.ends[i]).includes('\n')) return i + 1;
  return part.control[group.from] ? group.from + 1 : group.from;
}

/** Leaves the end-of-turn token outside, with the blanks after it. */
function beforeEnd(part: PartDetail, from: number, to: number): number {
  let i = to;
  while (i > from && part.text.slice(part.starts[i - 1], part.ends[i - 1]).trim() === '') i--;
  return i > from && part.control[i - 1] ? i - 1 : to;
}
