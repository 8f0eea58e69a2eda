import { axolotl } from './axolotl.ts';
import { llamaFactory } from './llama-factory.ts';
import { msSwift } from './ms-swift.ts';
import { nemoAutomodel } from './nemo-automodel.ts';
import { torchtune } from './torchtune.ts';
import type { TrainerFormat } from './trainer-config.ts';
import { trl } from './trl.ts';

/** The first that knows a file is its trainer: LLaMA-Factory and TRL share keys, and TRL has none of its own. */
export const TRAINER_FORMATS: readonly TrainerFormat[] = [
  axolotl,
  torchtune,
  nemoAutomodel,
  llamaFactory,
  trl,
  msSwift,
];
