import { ASSISTANT_TURNS } from '../policy.ts';
import type { MaskTool } from './tool.ts';

/** TRL 1.16 `completion_only_loss`: all after the common token prefix of prompt and prompt + completion (since 1.15). */
export const trlCompletion: MaskTool = {
  preset: 'trl-completion',
  title: 'TRL',
  summary: 'TRL on prompt and completion: the completion',
  versions: [],
  options: {},
  policy: () => ({ ...ASSISTANT_TURNS, scope: 'completion' }),
  labels: null,
};
