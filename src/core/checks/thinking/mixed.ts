import type { Check } from '../check.ts';
import { placeOf } from '../lib/place.ts';
import { chatsOf, isAssistant, reasoningOf } from '../lib/turns.ts';
import { turnsNamed } from '../lib/words.ts';

export const thinkingMixed: Check = {
  code: 'thinking/mixed',
  severity: 'hint',
  title: 'Some turns think, some do not',
  stage: 'conversation',
  fixable: false,
  perFile: true,
  run: (context) =>
    chatsOf(context).flatMap(({ conversation, turns }) => {
      const answers = turns.filter(isAssistant);
      const without = answers.filter((turn) => reasoningOf(turn) === '');
      const [first] = without;
      if (!first || without.length === answers.length) return [];
      return [
        {
          message: `${answers.length - without.length} of ${answers.length} assistant turns have reasoning, ${turnsNamed(without.map(({ index }) => index))} not: the model learns to think now and then. Give all of them reasoning or none, if that is not meant.`,
          ...placeOf(conversation, first.pointer),
        },
      ];
    }),
};
