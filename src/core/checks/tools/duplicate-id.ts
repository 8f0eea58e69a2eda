import type { Check } from '../check.ts';
import { placeOf, pointerOf } from '../lib/place.ts';
import { callsOf, chatsOf, turnName } from '../lib/turns.ts';
import { quoted } from '../lib/words.ts';

export const toolsDuplicateId: Check = {
  code: 'tools/duplicate-id',
  severity: 'information',
  title: 'Two calls with one id',
  stage: 'conversation',
  fixable: false,
  only: 'tools',
  run: (context) =>
    chatsOf(context).flatMap(({ conversation, turns }) => {
      return turns.flatMap((turn) => {
        const seen = new Set<string>();
        return callsOf(turn).flatMap(({ id, pointer }) => {
          if (id === null) return [];
          if (!seen.has(id)) {
            seen.add(id);
            return [];
          }
          return [
            {
              message: `Two calls of ${turnName(turn.index)} have the id ${quoted(id)}: their results cannot be told apart. Give each its own.`,
              ...placeOf(conversation, pointerOf(pointer, 'id')),
            },
          ];
        });
      });
    }),
};
