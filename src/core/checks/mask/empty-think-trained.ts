import type { Settings } from '../../config.ts';
import { REASON_INDEX } from '../../mask/reasons.ts';
import type { Check } from '../check.ts';
import { placeOf, pointerOf } from '../lib/place.ts';
import { maskWith, tokenRange, trainedParts } from '../lib/trained.ts';
import { chatOf, isAssistant, reasoningOf } from '../lib/turns.ts';
import { countWord, turnsNamed } from '../lib/words.ts';
import type { Fix } from '../problem.ts';

const FIXES = new WeakMap<Settings, readonly Fix[]>();

/** Often every row of a file has the same fix: one object for all is copied to the host once a batch. */
function fixesFor(settings: Settings): readonly Fix[] {
  let fixes = FIXES.get(settings);
  if (fixes === undefined) {
    const value = maskWith(settings.mask, { thinking: 'mask-empty' });
    fixes = [{ scope: 'config', title: 'Mask empty think blocks (changes the mask)', key: 'mask', value }];
    FIXES.set(settings, fixes);
  }
  return fixes;
}

export const maskEmptyThinkTrained: Check = {
  code: 'mask/empty-think-trained',
  severity: 'hint',
  title: 'Empty think block trained',
  stage: 'mask',
  fixable: true,
  perFile: true,
  run: (context) =>
    trainedParts(context).flatMap((part) => {
      const { conversation, mask } = part;
      const reason = REASON_INDEX['empty-think'];
      if (conversation.kind !== 'chat') return [];
      const indices: number[] = [];
      for (let i = mask.reasons.indexOf(reason); i >= 0; i = mask.reasons.indexOf(reason, i + 1)) {
        const turn = mask.turns[i] ?? -1;
        if (mask.trained[i] && turn >= 0 && indices.at(-1) !== turn) indices.push(turn);
      }
      const [first] = indices;
      if (first === undefined) return [];
      const turns = chatOf(context, part)?.turns ?? [];
      const one = indices.length === 1;
      const range = tokenRange(mask.reasons.length, (i) => mask.reasons[i] === reason && mask.turns[i] === first);
      return [
        {
          message: `${countWord(indices.length)} empty think block${one ? ' is' : 's are'} trained, in ${turnsNamed(indices)}: the model learns not to think there. Mask ${one ? 'it' : 'them'}, if that is not meant.`,
          // Beside real thoughts they teach two things at once.
          ...(turns.some((turn) => isAssistant(turn) && reasoningOf(turn) !== '') && { severity: 'warning' as const }),
          ...placeOf(conversation, pointerOf('/messages', first)),
          ...(range && { tokens: range }),
          fixes: fixesFor(context.settings),
        },
      ];
    }),
};
