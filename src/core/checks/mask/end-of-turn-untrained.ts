import { REASON_INDEX } from '../../mask/reasons.ts';
import type { Check } from '../check.ts';
import { placeOfCharacter } from '../lib/origin.ts';
import { maskWith, trainedParts } from '../lib/trained.ts';
import { quoted, turnsNamed } from '../lib/words.ts';

export const maskEndOfTurnUntrained: Check = {
  code: 'mask/end-of-turn-untrained',
  severity: 'warning',
  title: 'End of turn not trained',
  stage: 'mask',
  fixable: true,
  perFile: true,
  run: (context) =>
    trainedParts(context).flatMap((part) => {
      const { mask, encoding, rendering } = part;
      // One trained end of turn teaches the model to stop; which ones a policy takes is its own choice.
      if (rendering === null || mask.reasons.includes(REASON_INDEX['end-of-turn'])) return [];
      const limit = Math.min(encoding.ids.length, context.settings.maxLength);
      const trainedTurns = new Set<number>();
      for (let i = 0; i < limit; i++) if (mask.trained[i]) trainedTurns.add(mask.turns[i] ?? -1);
      const untrained: number[] = [];
      for (let i = 0; i < limit; i++)
        if (mask.reasons[i] === REASON_INDEX['masked-end-of-turn'] && trainedTurns.has(mask.turns[i] ?? -1))
          untrained.push(i);
      const last = untrained.at(-1);
      if (last === undefined) return [];
      const start = encoding.starts[last] ?? 0;
      const spelled = quoted(rendering.text.slice(start, encoding.ends[last]));
      const turns = [...new Set(untrained.map((token) => mask.turns[token] ?? 0))];
      return [
        {
          message: `The end of turn ${spelled} is not trained in ${turnsNamed(turns)}: the model does not learn to stop. Train it.`,
          ...placeOfCharacter(part, start),
          tokens: [last, last + 1] as const,
          fixes: [
            {
              scope: 'config' as const,
              title: 'Train the end of every turn (changes the mask)',
              key: 'mask',
              value: maskWith(context.settings.mask, { endOfTurn: 'every', markers: 'ignore' }),
            },
          ],
        },
      ];
    }),
};
