import type { PresetName } from '../policy.ts';
import { axolotlLabels } from './axolotl-labels.ts';
import { llamaFactoryLabels } from './llama-factory-labels.ts';
import { msSwiftLabels } from './ms-swift-labels.ts';
import { nemoAutomodelLabels } from './nemo-automodel-labels.ts';
import type { Labeler } from './tool.ts';
import { torchtuneLabels } from './torchtune-labels.ts';
import { unslothLabels } from './unsloth-labels.ts';

/** Of the tools whose labels no policy can say. Apart from the registry: lists of presets need no template engine. */
export const LABELS: Readonly<Partial<Record<PresetName, Labeler>>> = {
  axolotl: axolotlLabels,
  'llama-factory': llamaFactoryLabels,
  unsloth: unslothLabels,
  torchtune: torchtuneLabels,
  'ms-swift': msSwiftLabels,
  'nemo-automodel': nemoAutomodelLabels,
};
