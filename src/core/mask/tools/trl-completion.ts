import { ASSISTANT_TURNS } from '../policy.ts';
import type { MaskTool } from './tool.ts';
import { NO_ASSISTANT_TOKEN, promptEnd, TRL_VERSIONS } from './trl.ts';

/** TRL `completion_only_loss`: all after the prompt; every token of rows without a completion. */
export const trlCompletion: MaskTool = {
  preset: 'trl-completion',
  title: 'TRL',
  summary: 'TRL on prompt and completion: the completion',
  versions: TRL_VERSIONS,
  options: {
    assistant_only_loss: {
      description: 'Of the completion only the assistant turns.',
      type: 'boolean',
      default: false,
    },
  },
  policy: ({ assistant_only_loss: assistant }) =>
    assistant === true ? ASSISTANT_TURNS : { ...ASSISTANT_TURNS, scope: 'completion' },
  prompt: promptEnd,
  nothing: ({ assistant_only_loss: assistant }) => (assistant === true ? NO_ASSISTANT_TOKEN : null),
};
