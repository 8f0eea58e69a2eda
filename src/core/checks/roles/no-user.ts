import type { Check } from '../check.ts';
import { placeOf } from '../lib/place.ts';
import { chatsOf, isAssistant, isToolResult } from '../lib/turns.ts';
import { isSlip } from './names.ts';

export const rolesNoUser: Check = {
  code: 'roles/no-user',
  severity: 'information',
  title: 'No user turn',
  stage: 'conversation',
  fixable: false,
  run: (context) =>
    chatsOf(context)
      .filter(
        ({ turns }) =>
          turns.some(isAssistant) &&
          !turns.some((turn) => turn.role === 'user' || isToolResult(turn) || isSlip(turn.role, 'user')),
      )
      .map(({ conversation, turns }) => ({
        message: 'No turn is by the user: the answer answers nothing. Add the question, if there was one.',
        ...placeOf(conversation, turns.find(isAssistant)?.pointer ?? '/messages'),
      })),
};
