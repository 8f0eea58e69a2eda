import type { Check } from '../check.ts';
import { placeOf, pointerOf, valueAt } from '../lib/place.ts';
import { callsOf, isAssistant, reasoningOf, turnName, turnsOf } from '../lib/turns.ts';

export const contentNull: Check = {
  code: 'content/null',
  severity: 'warning',
  title: 'Content is null',
  stage: 'conversation',
  fixable: false,
  run: (context) =>
    turnsOf(context).flatMap((turn) => {
      const value = turn.message.get('content');
      if (value !== undefined && value !== null) return [];
      if (callsOf(turn).length > 0) return [];
      const { pointer } = placeOf(turn.conversation, pointerOf(turn.pointer, 'content'));
      // A key that is not there at all is the schema's to report.
      if (valueAt(context.row.value, pointer) !== null) return [];
      const rest = isAssistant(turn) && reasoningOf(turn) !== '' ? ' after its reasoning' : '';
      return [
        {
          message: `The content of ${turnName(turn.index)} is null${rest}: older templates print the word None, newer rules drop it. Write the text or remove the turn.`,
          pointer,
        },
      ];
    }),
};
