import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Settings } from '../core/config.ts';
import {
  type ConfigProblem,
  isMaskFile,
  type ProjectConfig,
  parseConfigFile,
  placeIn,
  settingsFor,
} from '../core/config-file.ts';
import { matchesGlob } from '../core/glob.ts';
import type { Range } from '../core/jsonl/value.ts';
import { placePath, placeTokenizer } from './hub/hub-id.ts';
import type { TrainerReader } from './trainer-config/load.ts';
import { type MaskFileSettings, readMaskFile } from './trainer-config/mask-file.ts';

export const CONFIG_NAME = 'sft-lens.json';

export interface Project {
  readonly settings: Settings;
  /** The `sft-lens.json` that applies, or null. */
  readonly configPath: string | null;
  readonly configProblems: readonly ConfigProblem[];
  /** Parts of the settings that were not used because the workspace is not trusted. */
  readonly untrusted: readonly PlacedKey[];
  /** The trainer's config file that the mask names, absolute; null where it names none. It may not be there. */
  readonly maskPath: string | null;
  /** What it gave; null where it could not be read or was not. */
  readonly maskFile: Pick<MaskFileSettings, 'origin' | 'notes'> | null;
  /** Why it could not be read; one of the problems of `sft-lens.json` where that names it. */
  readonly maskProblem: string | null;
}

/** Settings that name files. */
export type PlacedKey = 'tokenizer' | 'chatTemplate' | 'mask';

export interface ProjectOptions {
  readonly trusted: boolean;
  /** The `sft-lens.json`, instead of the one at or above the data file. */
  readonly configPath?: string;
  /** A trainer's config file, absolute, instead of the mask of `sft-lens.json`. */
  readonly maskPath?: string | undefined;
  /** What reads config files of trainers. */
  readonly trainers?: () => TrainerReader;
}

/**
 * Settings of a data file: `sft-lens.json` at or above it, over `defaults`; what a trainer's config file that it names as
 * `mask` says goes between the two. Without trust, files that it names are not opened, and nothing is asked of the Hub.
 */
export async function loadProject(
  dataPath: string,
  defaults: Settings,
  options: ProjectOptions = { trusted: true },
): Promise<Project> {
  const file = resolve(dataPath);
  const found = await findConfig(options.configPath ?? null, dirname(file));
  const base = found === null ? dirname(file) : dirname(found.path);
  const { config, problems } = found === null ? { config: {}, problems: [] } : parseConfigFile(found.text);
  const path = relative(base, file).split(sep).join('/');
  const untrusted: PlacedKey[] = [];

  const given = settingsFor(config, path, defaults);
  const maskPath = options.maskPath ?? (isMaskFile(given.mask) ? placePath(given.mask, base) : null);
  const reading = maskPath !== null && options.trusted ? readMaskFile(maskPath, file, options.trainers) : null;
  const trainer = reading?.file ?? null;
  const maskProblem = reading?.problem ?? null;
  if (maskPath !== null && !options.trusted) untrusted.push('mask');
  // Its own keys stand over those of the trainer's file, but for the mask, which is the file's.
  const { mask = defaults.mask, ...more } = trainer?.settings ?? {};
  const merged = { ...settingsFor(config, path, { ...defaults, ...more }), ...(maskPath !== null && { mask }) };

  const place = (id: string, key: 'tokenizer' | 'chatTemplate', fallback: string | null): string | null => {
    if (id.startsWith('bundled:')) return id;
    if (options.trusted) return key === 'tokenizer' ? placeTokenizer(id, base) : placePath(id, base);
    untrusted.push(key);
    return fallback;
  };
  return {
    settings: {
      ...merged,
      mask: isMaskFile(merged.mask) ? defaults.mask : merged.mask,
      tokenizer: place(merged.tokenizer, 'tokenizer', 'bundled:qwen3') ?? 'bundled:qwen3',
      chatTemplate: merged.chatTemplate === null ? null : place(merged.chatTemplate, 'chatTemplate', null),
    },
    configPath: found?.path ?? null,
    configProblems:
      maskProblem === null || options.maskPath !== undefined
        ? problems
        : [...problems, { message: maskProblem, range: rangeOfMask(found?.text ?? '', config, path) }],
    untrusted,
    maskPath,
    maskFile: trainer,
    maskProblem,
  };
}

/** Where the mask that holds for a data file stands: in the last entry that fits and has one, else at the top. */
function rangeOfMask(text: string, { files = [] }: ProjectConfig, path: string): Range {
  const entry = files.findLastIndex(({ glob, mask }) => mask !== undefined && matchesGlob(path, glob));
  return placeIn(text, entry < 0 ? '/mask' : `/files/${entry}/mask`) ?? [0, 0];
}

async function findConfig(given: string | null, from: string): Promise<{ path: string; text: string } | null> {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = given ?? join(folder, CONFIG_NAME);
    try {
      return { path, text: await readFile(path, 'utf8') };
    } catch (error) {
      if (given !== null) throw error;
    }
    if (folder === dirname(folder)) return null;
  }
}
