import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A training version that TRL swaps a template for under `assistant_only_loss`. */
export interface TrainingTemplate {
  /** Its file: `qwen3_training.jinja`. */
  readonly name: string;
  readonly source: string;
}

const SUFFIX = '_training.jinja';

/**
 * TRL's training versions by the very text of the template that they stand for, as TRL 1.13 to 1.16 pair them: NAME.jinja
 * with NAME_training.jinja. Files that cannot be read are left out.
 */
export async function trainingTemplates(folder: string): Promise<ReadonlyMap<string, TrainingTemplate>> {
  const files = (await readdir(folder).catch((): string[] => [])).filter((file) => file.endsWith(SUFFIX)).sort();
  const pairs = await Promise.all(
    files.map(async (name) => {
      const base = await readTemplate(join(folder, `${name.slice(0, -SUFFIX.length)}.jinja`));
      const source = await readTemplate(join(folder, name));
      return base === null || source === null ? [] : [[base, { name, source }] as const];
    }),
  );
  return new Map(pairs.flat());
}

/** As Python reads text: every line break is `\n`. */
async function readTemplate(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text?.replace(/\r\n?/g, '\n') ?? null;
}
