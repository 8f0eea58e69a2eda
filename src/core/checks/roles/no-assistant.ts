import type { Check } from '../check.ts';
import { placeOf } from '../lib/place.ts';
import { chatsOf, isAssistant } from '../lib/turns.ts';

export const rolesNoAssistant: Check = {
  code: 'roles/no-assistant',
  severity: 'error',
  title: 'No assistant turn',
  stage: 'conversation',
  fixable: false,
  run: (context) =>
    chatsOf(context)
      .filter(({ turns }) => turns.length > 0 && !turns.some(isAssistant))
      .map(({ conversation, part }) => {
        const trains = part.mask?.trained.includes(1) === true;
        return {
          message: trains
            ? 'No turn is by the assistant: what is trained are the words of others. Add the answer.'
            : 'No turn is by the assistant, and no token is trained. Add the answer or remove the row.',
          severity: trains ? ('warning' as const) : ('error' as const),
          ...placeOf(conversation, '/messages'),
        };
      }),
};
