import type { MaskObject, Settings } from '../config.ts';
import type { Config } from './values.ts';

/** What a trainer's config file says of the settings. Paths and model names are as they are written there. */
export type TrainerSettings = {
  readonly mask: MaskObject;
} & Partial<Pick<Settings, 'tokenizer' | 'chatTemplate' | 'templateArgs' | 'maxLength' | 'format' | 'columns'>>;

export interface TrainerConfig {
  /** The trainer's name as people write it. */
  readonly title: string;
  readonly settings: TrainerSettings;
  /** What the file says and this mask cannot follow, as sentences. */
  readonly notes: readonly string[];
}

/** For which data the file is read, and what lies beside it. */
export interface Surroundings {
  /** The data file's name, as a path; it chooses among the datasets of a config. Null: of none. */
  readonly dataPath: string | null;
  /** A JSON or YAML file by its path from the config file's folder, parsed; null where there is none. */
  readonly related: (path: string) => unknown;
}

/** The config file of one trainer: one file in this folder, one line in its registry. */
export interface TrainerFormat {
  readonly title: string;
  /** Keys that tell people what such a file has, for the sentence where no trainer is known. */
  readonly hint: string;
  detect(config: Config): boolean;
  read(config: Config, surroundings: Surroundings): TrainerConfig;
}
