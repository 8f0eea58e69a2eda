import { ASSISTANT_TURNS } from '../policy.ts';
import type { MaskTool } from './tool.ts';

/** OpenAI fine-tuning: `weight` 0 or 1 of each assistant message. */
export const openai: MaskTool = {
  preset: 'openai',
  title: 'OpenAI',
  summary: 'OpenAI fine-tuning: assistant messages, weight is obeyed',
  versions: [],
  options: {},
  policy: () => ({ ...ASSISTANT_TURNS, messageFlags: true, markers: 'ignore' }),
};
