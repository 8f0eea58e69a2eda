import { ASSISTANT_TURNS } from '../policy.ts';
import type { MaskTool } from './tool.ts';
import { COMPLETION_ONLY, promptEnd, TRL_VERSIONS } from './trl.ts';

/** TRL with nothing set: `labels == input_ids`; of rows of prompt and completion the completion. */
export const trlDefault: MaskTool = {
  preset: 'trl-default',
  title: 'TRL',
  summary: 'TRL as it comes: every token',
  versions: TRL_VERSIONS,
  options: COMPLETION_ONLY,
  policy: () => ({ ...ASSISTANT_TURNS, scope: 'everything' }),
  prompt: promptEnd,
};
