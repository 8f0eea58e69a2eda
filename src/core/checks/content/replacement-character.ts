import type { Check } from '../check.ts';
import { placeOf } from '../lib/place.ts';
import { textsOf, turnName, turnsOf } from '../lib/turns.ts';
import { counted } from '../lib/words.ts';

export const contentReplacementCharacter: Check = {
  code: 'content/replacement-character',
  severity: 'information',
  title: 'Text was decoded wrongly',
  stage: 'conversation',
  fixable: false,
  run: (context) =>
    turnsOf(context).flatMap((turn) =>
      textsOf(turn).flatMap(({ pointer, text }) => {
        const first = text.indexOf('\uFFFD');
        if (first < 0) return [];
        const count = text.split('\uFFFD').length - 1;
        return [
          {
            message: `The text of ${turnName(turn.index)} has ${counted(count, 'replacement character')} (U+FFFD): bytes were lost when it was decoded. Read the source again with its real encoding.`,
            ...placeOf(turn.conversation, pointer, [first, first + 1]),
          },
        ];
      }),
    ),
};
