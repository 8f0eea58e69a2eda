import { ASSISTANT_TURNS } from '../policy.ts';
import type { MaskTool } from './tool.ts';

/**
 * LLaMA-Factory 0.9.5, stage sft. Each pair of a question and an answer is tokenized as two pieces, and the second is
 * trained: all that its template prints from behind the header through what closes the turn.
 */
export const llamaFactory: MaskTool = {
  preset: 'llama-factory',
  title: 'LLaMA-Factory',
  summary: 'LLaMA-Factory: every answer through what closes its turn',
  versions: ['0.9.5'],
  options: {
    template: {
      description: 'Name of LLaMA-Factory’s template. null: it reads one off the tokenizer’s chat template.',
      type: ['string', 'null'],
      default: null,
    },
    formatting: {
      description: 'How dataset_info.json says the rows are formatted.',
      enum: ['sharegpt', 'openai'],
      default: 'sharegpt',
    },
    train_on_prompt: { description: 'Train the prompt, too.', type: 'boolean', default: false },
    mask_history: { description: 'Train the last answer only.', type: 'boolean', default: false },
    enable_thinking: {
      description:
        'Of reasoning templates. An answer without a thought gets an empty one: trained (true), not trained (null, false); false removes all thoughts.',
      type: ['boolean', 'null'],
      default: true,
    },
    preserve_thinking: {
      description: 'Of reasoning templates. Keep the thoughts of earlier answers under mask_history.',
      type: 'boolean',
      default: false,
    },
  },
  policy: ({ train_on_prompt, mask_history }) => ({
    ...ASSISTANT_TURNS,
    markers: 'ignore',
    afterEndOfTurn: true,
    turns: mask_history === true ? 'last' : 'all',
    scope: train_on_prompt === true ? 'everything' : 'turns',
  }),
  ownText:
    'LLaMA-Factory writes the text by a template of its own and tokenizes question and answer apart. The mask holds where its tokens are those shown here.',
};
