import { FLAG_KEYS } from '../../formats/lib/chat.ts';
import type { Check } from '../check.ts';
import { placeOf, pointerOf } from '../lib/place.ts';
import { maskName, maskWith, trainedParts } from '../lib/trained.ts';
import { turnsNamed } from '../lib/words.ts';

export const maskWeightIgnored: Check = {
  code: 'mask/weight-ignored',
  severity: 'warning',
  title: 'Weight not obeyed',
  stage: 'mask',
  fixable: true,
  perFile: true,
  run: (context) =>
    trainedParts(context).flatMap(({ conversation, mask }) => {
      if (conversation.kind !== 'chat' || !conversation.trainFlags.includes(false)) return [];
      const trained = new Set<number>();
      mask.turns.forEach((turn, i) => {
        if (mask.trained[i]) trained.add(turn);
      });
      const ignored = conversation.trainFlags.flatMap((flag, i) => (flag === false && trained.has(i) ? [i] : []));
      const [first] = ignored;
      if (first === undefined) return [];
      const message = conversation.messages[first];
      const key = FLAG_KEYS.find((candidate) => message?.has(candidate));
      const pointer = pointerOf('/messages', first);
      const name = maskName(context.settings.mask);
      return [
        {
          message: `${key === undefined ? 'The train flag' : `\`${key}\``} of ${turnsNamed(ignored)} is not obeyed: ${name} trains ${ignored.length === 1 ? 'this turn' : 'these turns'} all the same. Obey it, or remove it.`,
          ...placeOf(conversation, key === undefined ? pointer : pointerOf(pointer, key)),
          fixes: [
            {
              scope: 'config' as const,
              title: 'Obey weights (changes the mask)',
              key: 'mask',
              value: maskWith(context.settings.mask, { messageFlags: true }),
            },
          ],
        },
      ];
    }),
};
