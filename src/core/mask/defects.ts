import type { Range } from '../jsonl/value.ts';
import type { Encoding } from '../tokenizer/encoding.ts';
import { projectExact, projectIntended, walkSpans } from './project.ts';

/**
 * The known defects of transformers' `return_assistant_tokens_mask`, all still there in 5.23:
 *  B1  a span whose last token is the first of the row reaches to the end of the row
 *  B2  so does one whose last character has no token (white space that the tokenizer trims off its offsets)
 *  B3  a span whose first character has no token is lost with all that follow
 *  B4  of a last character made of several tokens only the first is in
 *  B5  an empty span at the beginning of the text: Python raises an OverflowError, there is no mask
 *  B6  a block inside a macro, a set block or another buffer is counted from the wrong place
 *  B7  an empty span inside a token trains it. (A token across the edge of a span is in as a whole; that is meant, too.)
 */
export type DefectName = 'B1' | 'B2' | 'B3' | 'B4' | 'B5' | 'B6' | 'B7';

/** What one defect does to a row. */
export interface Defect {
  readonly name: DefectName;
  /** Tokens that are trained and were not meant to be, in order. */
  readonly extra: readonly number[];
  /** Tokens that were meant and are not trained, in order. */
  readonly lost: readonly number[];
  /** The spans that have it: indices. */
  readonly spans: readonly number[];
}

/**
 * Why the mask of these spans is not what was meant, in the order of the first token that differs. `meant`: where the
 * blocks really lie, one for each span. A defect that changes no token is not named, but B5.
 */
export function defectsOf(encoding: Encoding, spans: readonly Range[], meant: readonly Range[] = spans): Defect[] {
  const walked = walkSpans(encoding, spans);
  const exact = projectExact(encoding, spans);
  const intended = projectIntended(encoding, meant);
  const found = new Map<DefectName, { extra: number[]; lost: number[]; spans: Set<number> }>();
  const add = (name: DefectName, span: number): { extra: number[]; lost: number[] } => {
    let defect = found.get(name);
    if (defect === undefined) found.set(name, (defect = { extra: [], lost: [], spans: new Set() }));
    defect.spans.add(span);
    return defect;
  };
  const isMoved = (span: number): boolean => {
    const [a, b] = [spans[span], meant[span]];
    return a !== undefined && b !== undefined && (a[0] !== b[0] || a[1] !== b[1]);
  };
  const stopped = walked.findIndex((step) => step === 'lost' || step === 'raises');
  if (walked[stopped] === 'raises') add('B5', stopped);
  const ofSpan = meant.map((span) => projectIntended(encoding, [span]));
  for (let token = 0; token < exact.length; token++) {
    if (exact[token] === intended[token]) continue;
    if (exact[token] === 1) {
      const span = walked.findIndex((step) => typeof step === 'object' && step.from <= token && token < step.to);
      const step = walked[span];
      const runsOn = typeof step === 'object' ? step.runsOn : null;
      const name = isMoved(span) ? 'B6' : runsOn === 'first-token' ? 'B1' : runsOn === 'no-token' ? 'B2' : 'B7';
      add(name, span).extra.push(token);
    } else {
      const span = ofSpan.findIndex((mask) => mask[token] === 1);
      const isLost = stopped >= 0 && (span >= stopped || walked[stopped] === 'raises');
      if (isLost) add(walked[stopped] === 'raises' ? 'B5' : isMoved(stopped) ? 'B6' : 'B3', stopped).lost.push(token);
      else add(isMoved(span) ? 'B6' : 'B4', span).lost.push(token);
    }
  }
  return [...found]
    .map(([name, { extra, lost, spans: indices }]) => ({
      name,
      extra,
      lost,
      spans: [...indices].sort((a, b) => a - b),
    }))
    .sort((a, b) => firstOf(a) - firstOf(b));
}

const firstOf = ({ extra, lost }: Defect): number => Math.min(extra[0] ?? Infinity, lost[0] ?? Infinity);
