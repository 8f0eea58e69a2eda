import type { Check, Finding } from '../check.ts';
import { placeOf } from '../lib/place.ts';
import { type ChatTurn, chatsOf, turnName } from '../lib/turns.ts';

const SYSTEM: ReadonlySet<string> = new Set(['system', 'developer']);

export const rolesOrder: Check = {
  code: 'roles/order',
  severity: 'warning',
  title: 'Roles out of order',
  stage: 'conversation',
  fixable: false,
  run(context) {
    const findings: Finding[] = [];
    for (const { turns } of chatsOf(context))
      turns.forEach((turn, i) => {
        const message = disorder(turn, i === 0 ? undefined : turns[i - 1], turns);
        if (message) findings.push({ message, ...placeOf(turn.conversation, turn.pointer) });
      });
    return findings;
  },
};

function disorder(turn: ChatTurn, before: ChatTurn | undefined, all: readonly ChatTurn[]): string | null {
  if (SYSTEM.has(turn.role)) {
    if (before === undefined || SYSTEM.has(before.role)) return null;
    return `The ${turn.role} turn is ${turnName(turn.index)}: many templates refuse or drop one that is not first. Move it to the start.`;
  }
  if (turn.role === 'user' && before?.role === 'user')
    return `Two user turns follow each other, ${turnName(turn.index)} after ${before.index + 1}: templates of Llama 2, Mistral and Gemma refuse this. Join them or add the answer between.`;
  if (turn.role === 'assistant' && all.length > 1 && all.find(({ role }) => !SYSTEM.has(role)) === turn)
    return `The conversation opens with an assistant turn: many templates refuse this. Put a user turn before ${turnName(turn.index)}.`;
  return null;
}
