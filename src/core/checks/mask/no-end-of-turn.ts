import type { Check } from '../check.ts';
import { messageIndex } from '../lib/origin.ts';
import { placeOf } from '../lib/place.ts';
import { trainedParts } from '../lib/trained.ts';
import { chatsOf, isAssistant, turnName } from '../lib/turns.ts';

export const maskNoEndOfTurn: Check = {
  code: 'mask/no-end-of-turn',
  severity: 'warning',
  title: 'No end of turn',
  stage: 'mask',
  fixable: false,
  perFile: true,
  run: (context) =>
    trainedParts(context).flatMap((part) => {
      const { conversation, rendering, mask } = part;
      if (conversation.kind !== 'chat' || rendering === null || !mask.trained.includes(1)) return [];
      const last = chatsOf(context)
        .find((chat) => chat.part === part)
        ?.turns.at(-1);
      if (!last || !isAssistant(last)) return [];
      // The template's own words after the last character of the last answer.
      const segment = rendering.segments.findLast(({ pointer }) => pointer !== null && !pointer.endsWith('/role'));
      if (segment?.pointer == null || rendering.text.slice(segment.end).trim() !== '') return [];
      if (messageIndex(segment.pointer) !== last.index) return [];
      return [
        {
          message: `The template prints nothing after the last answer, ${turnName(last.index)}: the model does not learn to stop. Choose a template that closes its turns.`,
          ...placeOf(conversation, last.pointer),
        },
      ];
    }),
};
