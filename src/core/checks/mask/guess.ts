import type { Check } from '../check.ts';
import { placeOf, pointerOf } from '../lib/place.ts';
import { trainedParts } from '../lib/trained.ts';
import { turnsNamed } from '../lib/words.ts';

export const maskGuess: Check = {
  code: 'mask/guess',
  severity: 'warning',
  title: 'Turn found by guessing',
  stage: 'mask',
  fixable: false,
  perFile: true,
  run: (context) =>
    trainedParts(context).flatMap(({ conversation, mask }) => {
      const guessed = mask.turnSpans.filter(({ how }) => how === 'guess').map(({ message }) => message);
      const [first] = guessed;
      if (first === undefined) return [];
      return [
        {
          message: `Where the answer of ${turnsNamed(guessed)} begins was guessed: the template refuses every shorter conversation that could prove it. Look at the mask in the inspector.`,
          ...placeOf(conversation, pointerOf('/messages', first)),
        },
      ];
    }),
};
