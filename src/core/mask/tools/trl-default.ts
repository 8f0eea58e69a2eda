import { ASSISTANT_TURNS } from '../policy.ts';
import type { MaskTool } from './tool.ts';

/** TRL 1.16 with nothing set: `labels == input_ids`; rows of prompt and completion are as under `trl-completion`. */
export const trlDefault: MaskTool = {
  preset: 'trl-default',
  title: 'TRL',
  summary: 'TRL as it comes: every token',
  versions: [],
  options: {},
  policy: () => ({ ...ASSISTANT_TURNS, scope: 'everything' }),
  labels: null,
};
