import type { Check } from '../check.ts';
import { placeOf } from '../lib/place.ts';
import { chatsOf, isAssistant, turnName } from '../lib/turns.ts';
import { isSlip } from './names.ts';

export const rolesLastNotAssistant: Check = {
  code: 'roles/last-not-assistant',
  severity: 'warning',
  title: 'Last turn not answered',
  stage: 'conversation',
  fixable: false,
  run: (context) =>
    chatsOf(context).flatMap(({ conversation, turns }) => {
      const last = turns.at(-1);
      if (!last || isAssistant(last) || isSlip(last.role, 'assistant') || !turns.some(isAssistant)) return [];
      return [
        {
          message: `The last turn, ${turnName(last.index)}, is ${last.role === '' ? 'of no role' : `by the ${last.role}`} and has no answer: it costs tokens and trains nothing. Add the answer or remove the turn.`,
          ...placeOf(conversation, last.pointer),
        },
      ];
    }),
};
