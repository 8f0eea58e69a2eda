import type { Check } from '../check.ts';
import { placeOf } from '../lib/place.ts';
import { chatsOf, isAssistant, turnName } from '../lib/turns.ts';

export const messagesConsecutiveAssistant: Check = {
  code: 'messages/consecutive-assistant',
  severity: 'information',
  title: 'Two assistant turns in a row',
  stage: 'conversation',
  fixable: false,
  run: (context) =>
    chatsOf(context).flatMap(({ conversation, turns }) =>
      turns.flatMap((turn, i) => {
        const before = i === 0 ? undefined : turns[i - 1];
        if (!before || !isAssistant(turn) || !isAssistant(before)) return [];
        return [
          {
            message: `Two assistant turns follow each other, ${turnName(turn.index)} after ${before.index + 1}: the model learns to go on after its end of turn, and some trainers merge or drop such rows. Join them.`,
            ...placeOf(conversation, turn.pointer),
          },
        ];
      }),
    ),
};
