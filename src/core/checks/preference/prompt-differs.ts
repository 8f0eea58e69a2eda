import type { Check } from '../check.ts';
import { sidesOf } from './sides.ts';

export const preferencePromptDiffers: Check = {
  code: 'preference/prompt-differs',
  severity: 'information',
  title: 'Chosen and rejected answer different prompts',
  stage: 'conversation',
  fixable: false,
  only: 'pair',
  run(context) {
    const sides = sidesOf(context);
    if (!sides) return [];
    // What both sides share is the prompt: it ended too early where one of them does not go on with an answer.
    const answers = [sides.chosen, sides.rejected].every(({ speaker }) => speaker === null || speaker === 'assistant');
    if (answers && sides.chosen.prompt === sides.rejected.prompt) return [];
    return [
      {
        message:
          'The prompts before the chosen and the rejected answer differ: the pair compares answers to different questions. Give both the same prompt.',
        pointer: sides.rejected.pointer,
      },
    ];
  },
};
