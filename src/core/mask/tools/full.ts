import { ASSISTANT_TURNS } from '../policy.ts';
import type { MaskTool } from './tool.ts';

/** Every token, whatever a trainer would do. */
export const full: MaskTool = {
  preset: 'full',
  title: 'Every token',
  summary: 'Every token',
  versions: [],
  options: {},
  policy: () => ({ ...ASSISTANT_TURNS, scope: 'everything', markers: 'ignore' }),
};
