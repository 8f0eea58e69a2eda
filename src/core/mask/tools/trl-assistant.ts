import { ASSISTANT_TURNS } from '../policy.ts';
import type { MaskTool } from './tool.ts';
import { COMPLETION_ONLY, NO_ASSISTANT_TOKEN, promptEnd, TRL_VERSIONS } from './trl.ts';

/** TRL `assistant_only_loss`: the template's generation blocks, or those of TRL's training template of the family. Ignores `weight`. */
export const trlAssistant: MaskTool = {
  preset: 'trl-assistant',
  title: 'TRL',
  summary: 'TRL with assistant_only_loss: assistant turns',
  versions: TRL_VERSIONS,
  options: COMPLETION_ONLY,
  policy: () => ASSISTANT_TURNS,
  prompt: promptEnd,
  nothing: () => NO_ASSISTANT_TOKEN,
};
