import type { Check } from '../check.ts';
import { placeOf } from '../lib/place.ts';
import { schemaFindingsOf } from '../lib/schema.ts';
import { chatsOf, isAssistant } from '../lib/turns.ts';
import { isSlip } from './names.ts';

export const rolesNoAssistant: Check = {
  code: 'roles/no-assistant',
  severity: 'error',
  title: 'No assistant turn',
  stage: 'conversation',
  fixable: false,
  run: (context) =>
    // Where the format misses a field, that is why, and said already.
    (schemaFindingsOf(context).length > 0 ? [] : chatsOf(context))
      // A slip in the role's name is said by `roles/unknown`.
      .filter(({ turns }) => !turns.some((turn) => isAssistant(turn) || isSlip(turn.role, 'assistant')))
      .flatMap(({ conversation, part, turns }) => {
        const last = turns.at(-1);
        if (!last) return [];
        const trains = part.mask?.trained.includes(1) === true;
        return [
          {
            message: trains
              ? 'No turn is by the assistant: what is trained are the words of others. Add the answer.'
              : 'No turn is by the assistant, and no token is trained. Add the answer or remove the row.',
            severity: trains ? ('warning' as const) : ('error' as const),
            ...placeOf(conversation, last.pointer),
          },
        ];
      }),
};
