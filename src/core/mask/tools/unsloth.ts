import { ASSISTANT_TURNS } from '../policy.ts';
import type { MaskTool } from './tool.ts';

/**
 * Unsloth `train_on_responses_only` (unsloth_zoo, `force_match=True`). "2026.9": through 2026.9.6, an answer goes on to the next
 * instruction marker. "2026.10": from 2026.9.9, it ends at the first of EOS (trained), BOS, a turn of any role.
 */
export const unsloth: MaskTool = {
  preset: 'unsloth',
  title: 'Unsloth',
  summary: 'Unsloth train_on_responses_only: from the response marker to the end of the turn',
  versions: ['2026.9', '2026.10'],
  options: {
    instruction_part: {
      description: "The text that opens a user's turn. `null`: found in the template; give both parts or none.",
      type: ['string', 'null'],
      default: null,
    },
    response_part: {
      description: "The text that opens an assistant's turn. `null`: found in the template; give both parts or none.",
      type: ['string', 'null'],
      default: null,
    },
    last_response_only: { description: 'Train the last answer only.', type: 'boolean', default: false },
    mask_out_tokens: {
      description: 'Texts that are masked inside answers too, such as `</think>` (since 2026.10.6).',
      type: 'array',
      items: { type: 'string' },
      default: [],
    },
  },
  policy: (options) => ({
    ...ASSISTANT_TURNS,
    markers: 'ignore',
    turns: options['last_response_only'] === true ? 'last' : 'all',
  }),
};
