import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Settings } from '../core/config.ts';
import { type ConfigProblem, parseConfigFile, settingsFor } from '../core/config-file.ts';
import { placePath, placeTokenizer } from './hub/hub-id.ts';

export const CONFIG_NAME = 'sft-lens.json';

export interface Project {
  readonly settings: Settings;
  /** The `sft-lens.json` that applies, or null. */
  readonly configPath: string | null;
  readonly configProblems: readonly ConfigProblem[];
  /** Parts of the settings that were not used because the workspace is not trusted. */
  readonly untrusted: readonly ('tokenizer' | 'chatTemplate')[];
}

/** Settings of a data file: `sft-lens.json` at or above it, over `defaults`. Without trust, files that it names are not opened, and nothing is asked of the Hub. */
export async function loadProject(
  dataPath: string,
  defaults: Settings,
  options: { readonly trusted: boolean; readonly configPath?: string } = { trusted: true },
): Promise<Project> {
  const found = await findConfig(options.configPath ?? null, dirname(resolve(dataPath)));
  const base = found === null ? dirname(resolve(dataPath)) : dirname(found.path);
  const parsed = found === null ? null : parseConfigFile(found.text);
  const merged =
    parsed === null
      ? defaults
      : settingsFor(parsed.config, relative(base, resolve(dataPath)).split(sep).join('/'), defaults);
  const untrusted: ('tokenizer' | 'chatTemplate')[] = [];
  const place = (id: string, key: 'tokenizer' | 'chatTemplate', fallback: string | null): string | null => {
    if (id.startsWith('bundled:')) return id;
    if (options.trusted) return key === 'tokenizer' ? placeTokenizer(id, base) : placePath(id, base);
    untrusted.push(key);
    return fallback;
  };
  return {
    settings: {
      ...merged,
      tokenizer: place(merged.tokenizer, 'tokenizer', 'bundled:qwen3') ?? 'bundled:qwen3',
      chatTemplate: merged.chatTemplate === null ? null : place(merged.chatTemplate, 'chatTemplate', null),
    },
    configPath: found?.path ?? null,
    configProblems: parsed?.problems ?? [],
    untrusted,
  };
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
