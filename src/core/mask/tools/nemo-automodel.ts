import { ASSISTANT_TURNS } from '../policy.ts';
import type { MaskTool } from './tool.ts';

/**
 * NeMo Automodel 0.7 `ChatDataset`, labels before they are shifted: the template's generation blocks, else the difference of
 * the renders of the messages before and through each assistant turn (role marker and what follows the turn included).
 */
export const nemoAutomodel: MaskTool = {
  preset: 'nemo-automodel',
  title: 'NeMo Automodel',
  summary: 'NeMo Automodel ChatDataset: assistant turns with their role marker',
  versions: ['0.7'],
  options: {
    mask_generation_prompt: {
      description:
        'Mask what the generation prompt supplies of each turn: the role marker and an empty thinking block.',
      type: 'boolean',
      default: false,
    },
    mask_reasoning_content: { description: 'Mask the rendered reasoning_content.', type: 'boolean', default: false },
    mask_history: { description: 'Train the last stretch of trained tokens only.', type: 'boolean', default: false },
  },
  policy: (options) => ({
    ...ASSISTANT_TURNS,
    header: options['mask_generation_prompt'] !== true,
    afterEndOfTurn: true,
    thinking: options['mask_reasoning_content'] === true ? 'mask' : 'train',
    turns: options['mask_history'] === true ? 'last' : 'all',
  }),
};
