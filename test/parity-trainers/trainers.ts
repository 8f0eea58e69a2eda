// The trainers that are compared with: one entry each.
import type { MaskObject, TransformersRules } from '../../src/core/config.ts';
import { AXOLOTL } from './axolotl.ts';
import { NEMO_AUTOMODEL } from './nemo-automodel.ts';
import { OWN_TEXT } from './own-text.ts';
import { TRL } from './trl.ts';
import { UNSLOTH } from './unsloth.ts';

/** A mask under which a trainer goes over the rows. */
export interface Run {
  readonly name: string;
  readonly mask: MaskObject;
  /** Names of families; all of the trainer's without them. */
  readonly families?: readonly string[];
}

export interface Place {
  readonly run: string;
  readonly family: string;
  readonly row: string;
}

/** A version of a tool. Its packages are `tools/trainers/NAME`, its answers to the own families `golden/NAME.json`. */
export interface Trainer {
  readonly name: string;
  /** The Python program of this folder that asks it. */
  readonly program: string;
  /** The rendering rules of the transformers that it runs with. */
  readonly transformers: TransformersRules;
  readonly runs: readonly Run[];
  /** Own families that it is asked about; all of them without. */
  readonly families?: readonly string[];
  /** Whether it changes rows before it renders them, so that a chat template may refuse a row that it takes. */
  readonly changes?: true;
  /** Whether it is TRL, which swaps templates: it is asked about those that come with it, too. */
  readonly swaps?: true;
  /** Folders of the data folder whose templates it is asked about, too. */
  readonly foreign?: readonly string[];
  /** Why a difference is there, where it is one of docs/exactness.md. */
  readonly known?: (place: Place) => string | null;
}

export const TRAINERS: readonly Trainer[] = [...TRL, ...AXOLOTL, ...UNSLOTH, NEMO_AUTOMODEL, ...OWN_TEXT];
