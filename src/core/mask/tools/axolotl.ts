import { ASSISTANT_TURNS, type MaskPolicy } from '../policy.ts';
import { tokenId } from '../token-id.ts';
import { axolotlMask } from './axolotl-labels.ts';
import type { MaskTool } from './tool.ts';

const POLICY: MaskPolicy = { ...ASSISTANT_TURNS, thinking: 'mask-empty', messageFlags: true, markers: 'ignore' };

/** axolotl 0.19 `type: chat_template`, `roles_to_train: [assistant]`, `train_on_eos: turn`. */
export const axolotl: MaskTool = {
  preset: 'axolotl',
  title: 'axolotl',
  summary: 'axolotl, type chat_template: assistant turns and their end',
  versions: [],
  options: {},
  policy: () => POLICY,
  labels: ({ template, context, rendering, encoding, conversation, roles, tokenizer, specialTokens }) => ({
    trained: axolotlMask({
      template,
      context,
      text: rendering.text,
      encoding,
      trainedMessages: roles.map((role, i) => conversation.trainFlags[i] ?? role === 'assistant'),
      eos: tokenId(tokenizer, specialTokens['eos_token']),
      trainOnEos: 'turn',
    }),
  }),
};
