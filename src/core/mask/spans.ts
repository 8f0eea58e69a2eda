import type { Range } from '../jsonl/value.ts';
import type { Turn } from './mask-result.ts';
import type { MaskPolicy } from './policy.ts';
import type { Zone } from './zones.ts';

/**
 * The character spans that a policy trains, in order: of each turn the zones that the policy asks for, neighbors joined.
 * `trainFlags`: the row's own flag of each message.
 */
export function policySpans(
  policy: MaskPolicy,
  turns: readonly Turn[],
  zones: readonly Zone[],
  trainFlags: readonly (boolean | undefined)[],
): Range[] {
  const lastTurn = turns.at(-1)?.message;
  const spans: Range[] = [];
  for (const [index, zone] of zones.entries()) {
    const { message } = zone;
    if (policy.turns === 'last' && message !== lastTurn) continue;
    if (policy.messageFlags && trainFlags[message] === false) continue;
    const stops = policy.endOfTurn === 'every' || (policy.endOfTurn === 'last' && message === lastTurn);
    if (!isTrained(policy, zone, zones[index + 1], stops)) continue;
    const before = spans.at(-1);
    if (before !== undefined && before[1] === zone.start) spans[spans.length - 1] = [before[0], zone.end];
    else spans.push([zone.start, zone.end]);
  }
  return spans;
}

function isTrained(policy: MaskPolicy, zone: Zone, next: Zone | undefined, stops: boolean): boolean {
  switch (zone.kind) {
    case 'content':
      return true;
    case 'template':
      // what only leads to the end of turn goes with it (the space before Llama 2's "</s>")
      return stops || next?.kind !== 'stop' || next.message !== zone.message;
    case 'header':
      return policy.header;
    case 'reasoning':
      return policy.thinking !== 'mask';
    case 'empty-think':
      return policy.thinking === 'train';
    case 'tool-call':
      return policy.toolCalls;
    case 'stop':
      return stops;
    case 'after':
      return stops && policy.afterEndOfTurn;
  }
}
