import type { PresetName } from '../policy.ts';
import { axolotl } from './axolotl.ts';
import { full } from './full.ts';
import { llamaFactory } from './llama-factory.ts';
import { msSwift } from './ms-swift.ts';
import { nemoAutomodel } from './nemo-automodel.ts';
import { openai } from './openai.ts';
import type { MaskTool } from './tool.ts';
import { torchtune } from './torchtune.ts';
import { trlAssistant } from './trl-assistant.ts';
import { trlCompletion } from './trl-completion.ts';
import { trlDefault } from './trl-default.ts';
import { unsloth } from './unsloth.ts';

/** Every preset, in the order of lists. */
export const MASK_TOOLS: Readonly<Record<PresetName, MaskTool>> = {
  'trl-assistant': trlAssistant,
  'trl-default': trlDefault,
  'trl-completion': trlCompletion,
  axolotl,
  unsloth,
  'nemo-automodel': nemoAutomodel,
  'llama-factory': llamaFactory,
  'ms-swift': msSwift,
  torchtune,
  openai,
  full,
};
