import type { Check } from '../check.ts';
import { placeOf } from '../lib/place.ts';
import { chatsOf, isAssistant, isToolResult } from '../lib/turns.ts';

export const rolesNoUser: Check = {
  code: 'roles/no-user',
  severity: 'information',
  title: 'No user turn',
  stage: 'conversation',
  fixable: false,
  run: (context) =>
    chatsOf(context)
      .filter(
        ({ turns }) => turns.some(isAssistant) && !turns.some((turn) => turn.role === 'user' || isToolResult(turn)),
      )
      .map(({ conversation }) => ({
        message: 'No turn is by the user: the answer answers nothing. Add the question, if there was one.',
        ...placeOf(conversation, '/messages'),
      })),
};
