import { ASSISTANT_TURNS } from '../policy.ts';
import type { MaskTool } from './tool.ts';

/**
 * torchtune 0.6.1, `OpenAIToMessages` and a model's tokenizer: a message is trained as a whole, header and end included. What
 * a tokenizer puts around all messages (Llama 3's `<|begin_of_text|>` and `<|end_of_text|>`) is not.
 */
export const torchtune: MaskTool = {
  preset: 'torchtune',
  title: 'torchtune',
  summary: 'torchtune: whole assistant messages with their headers',
  versions: ['0.6.1'],
  options: {
    train_on_input: { description: 'Train system and user messages, too.', type: 'boolean', default: false },
  },
  policy: ({ train_on_input }) => ({
    ...ASSISTANT_TURNS,
    markers: 'ignore',
    header: true,
    afterEndOfTurn: true,
    scope: train_on_input === true ? 'everything' : 'turns',
  }),
  ownText:
    'torchtune spells each model’s turns in code of its own and tokenizes them apart. The mask holds where its tokens are those shown here.',
};
