import { parseConfig } from './parse.ts';
import { TRAINER_FORMATS } from './registry.ts';
import type { Surroundings, TrainerConfig } from './trainer-config.ts';

export type TrainerReading =
  | { readonly config: TrainerConfig; readonly problem?: never }
  | { readonly problem: string; readonly config?: never };

/** What a trainer's config file says. `name`: the file's, for sentences and for how it is parsed. Never throws. */
export function readTrainerConfig(text: string, name: string, surroundings: Surroundings): TrainerReading {
  const parsed = parseConfig(text, name);
  if (parsed.problem !== undefined) return { problem: parsed.problem };
  const format = TRAINER_FORMATS.find((one) => one.detect(parsed.config));
  if (format === undefined)
    return {
      problem: `${name} is the config of no trainer that is known. ${TRAINER_FORMATS.map(({ hint }) => hint).join('; ')}. Give such a file, or the name of a preset.`,
    };
  return { config: format.read(parsed.config, surroundings) };
}
