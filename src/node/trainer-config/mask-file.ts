import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseConfigFile } from '../../core/config-file.ts';
import { maskTitle } from '../../core/mask/title.ts';
import type { TrainerSettings } from '../../core/trainer-config/trainer-config.ts';
import { placePath, placeTokenizer } from '../hub/hub-id.ts';
import { loadTrainerReader, type TrainerReader } from './load.ts';

/** What the config file of a trainer gives to the settings. */
export interface MaskFileSettings {
  /** Its path, absolute. */
  readonly path: string;
  /** Tokenizer and chat template are placed: they count from the file's folder. */
  readonly settings: TrainerSettings;
  /** "axolotl.yml: axolotl 0.19, train_on_eos all" */
  readonly origin: string;
  /** What the mask cannot follow of the file, as sentences. */
  readonly notes: readonly string[];
}

export type MaskFileReading =
  | { readonly file: MaskFileSettings; readonly problem?: never }
  | { readonly problem: string; readonly file?: never };

/** No config of a run is as long. Bytes. */
const MOST_BYTES = 1 << 20;

/** The config file of a trainer, for a data file. Never throws. */
export function readMaskFile(
  path: string,
  dataPath: string | null,
  load: () => TrainerReader = loadTrainerReader,
): MaskFileReading {
  const name = basename(path);
  const text = textOf(path);
  if (text === null)
    return { problem: `${name} cannot be read. Write the path of a trainer's config file, or the name of a preset.` };
  const folder = dirname(path);
  const related = (other: string): unknown => jsonOf(join(folder, other));
  const { config, problem } = load().readTrainerConfig(text, name, { dataPath, related });
  if (config === undefined) return { problem };
  // What its keys may be is what those of sft-lens.json may be.
  const wrong = parseConfigFile(JSON.stringify(config.settings)).problems[0];
  if (wrong !== undefined) return { problem: `${name}: ${wrong.message}` };
  const { tokenizer, chatTemplate, ...settings } = config.settings;
  return {
    file: {
      path,
      settings: {
        ...settings,
        ...(tokenizer !== undefined && { tokenizer: placeTokenizer(tokenizer, folder) }),
        ...(typeof chatTemplate === 'string' && {
          chatTemplate: chatTemplate.startsWith('bundled:') ? chatTemplate : placePath(chatTemplate, folder),
        }),
      },
      origin: `${name}: ${maskTitle(config.settings.mask)}`,
      notes: config.notes,
    },
  };
}

function textOf(path: string): string | null {
  try {
    return statSync(path).size > MOST_BYTES ? null : readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(textOf(path) ?? 'null') as unknown;
  } catch {
    return null;
  }
}
