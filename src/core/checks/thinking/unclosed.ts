import type { Check } from '../check.ts';
import { placeOf } from '../lib/place.ts';
import { isAssistant, textsOf, turnName, turnsOf } from '../lib/turns.ts';

const OPEN = '<think>';
const CLOSE = '</think>';

export const thinkingUnclosed: Check = {
  code: 'thinking/unclosed',
  severity: 'warning',
  title: 'Thought not closed',
  stage: 'conversation',
  fixable: false,
  run: (context) =>
    turnsOf(context)
      .filter(isAssistant)
      .flatMap((turn) =>
        textsOf(turn).flatMap(({ pointer, text }) => {
          // Only a thought that opens the answer: an answer may speak about the tags.
          const open = /^\s*<think>/.exec(text);
          if (!open || text.includes(CLOSE)) return [];
          const start = open[0].length - OPEN.length;
          return [
            {
              message: `The thought of ${turnName(turn.index)} is opened by \`<think>\` and never closed: all of the answer is thought. Add \`</think>\` where it ends.`,
              ...placeOf(turn.conversation, pointer, [start, start + OPEN.length]),
            },
          ];
        }),
      ),
};
