import { ASSISTANT_TURNS } from '../policy.ts';
import type { MaskTool } from './tool.ts';

/** TRL 1.16 `assistant_only_loss`: the template's generation blocks, or those of TRL's training template of the family. Ignores `weight`. */
export const trlAssistant: MaskTool = {
  preset: 'trl-assistant',
  title: 'TRL',
  summary: 'TRL with assistant_only_loss: assistant turns',
  versions: [],
  options: {},
  policy: () => ASSISTANT_TURNS,
  labels: null,
};
