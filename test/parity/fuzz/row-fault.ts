import { analyzeRow } from '../../../src/core/analysis.ts';
import { INTERNAL_CHECK } from '../../../src/core/checks/internal.ts';
import { detailOf } from '../../../src/core/detail.ts';
import type { Engine } from '../../../src/core/engine.ts';

/** Milliseconds. A template's own limits stop one that runs for ever in less. */
const SLOW = 2000;

export interface Verdict {
  /** What is wrong with the analysis; null where nothing. */
  readonly fault: string | null;
  /** Whether the row came through to its mask. */
  readonly masked: boolean;
}

/** Judges the analysis of any row at all. */
export function judgeRow(text: string, engine: Engine): Verdict {
  let masked = false;
  const fault = faultOf(text, engine, () => {
    masked = true;
  });
  return { fault, masked };
}

function faultOf(text: string, engine: Engine, onMask: () => void): string | null {
  const start = performance.now();
  let analysis: ReturnType<typeof analyzeRow>;
  try {
    analysis = analyzeRow(text, engine, 'messages', { exactTurns: true });
    detailOf(analysis, engine);
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  const took = performance.now() - start;
  if (took > SLOW) return `took ${took.toFixed(0)} ms`;
  for (const { code, message, range } of analysis.problems) {
    if (code === INTERNAL_CHECK.code) return message;
    const [from, to] = range;
    if (!(from >= 0 && from <= to && to <= text.length)) return `${code} is at ${from}-${to} of ${text.length}`;
  }
  for (const { encoding, mask, rendering } of analysis.parts) {
    if (!encoding || !mask || !rendering) continue;
    onMask();
    const count = encoding.ids.length;
    const lengths = [mask.trained.length, mask.reasons.length, mask.turns.length, mask.intended?.length ?? count];
    if (lengths.some((length) => length !== count)) return `${count} tokens, but ${lengths.join(', ')}`;
    for (let i = 0; i < count; i++) {
      const [from, to] = [encoding.starts[i] ?? -1, encoding.ends[i] ?? -1];
      if (!(from >= 0 && from <= to && to <= rendering.text.length)) return `token ${i} is at ${from}-${to}`;
    }
  }
  return null;
}
