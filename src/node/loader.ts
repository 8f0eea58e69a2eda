import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import type { Settings } from '../core/config.ts';
import type { TemplateSources } from '../core/engine.ts';
import { BUNDLED_TEMPLATES } from '../core/template/bundled.ts';
import { bundleOf } from '../core/tokenizer/bundle.ts';
import type { TokenizerBundle } from '../core/tokenizer/encoding.ts';
import { TokenizerError } from '../core/tokenizer/errors.ts';
import { loadPacked } from '../core/tokenizer/packed.ts';
import type { TokenizerClass } from '../core/tokenizer/tokenizer-class.ts';

/** What the user can act on: which file, and what is wrong with it. */
export class LoadError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LoadError';
  }
}

export const DEFAULT_TOKENIZER = 'bundled:qwen3';
const BUNDLED = 'bundled:';

/**
 * A tokenizer by what the settings call it: `bundled:qwen3`, or an absolute path of a folder with `tokenizer.json`
 * (`tokenizer_config.json`, `config.json`, `special_tokens_map.json` and the files of chat templates are read where they stand) or of a
 * `tokenizer.json` itself. Throws `LoadError`.
 */
export async function loadTokenizer(
  id: string,
  assets: string,
  tokenizerClass: TokenizerClass = 'file',
): Promise<TokenizerBundle> {
  if (id.startsWith(BUNDLED)) {
    if (id !== DEFAULT_TOKENIZER)
      throw new LoadError(`There is no tokenizer ${id}. The bundled one is ${DEFAULT_TOKENIZER}.`);
    return loadPacked(await promisify(brotliDecompress)(await readFile(join(assets, 'qwen3.tok'))));
  }
  if (!isAbsolute(id))
    throw new LoadError(
      `${id} is no folder. Give a folder that holds tokenizer.json, a model of the Hugging Face Hub, or ${DEFAULT_TOKENIZER}.`,
    );
  const isFile = id.endsWith('.json') && (await stat(id).catch(() => null))?.isFile() === true;
  const folder = isFile ? join(id, '..') : id;
  const main = isFile ? id : join(folder, 'tokenizer.json');
  const text = await readText(main);
  if (text === null)
    throw new LoadError(`${folder} has no tokenizer.json. Give the folder of a tokenizer with a tokenizer.json.`);
  const [config, modelConfig, specials, chatTemplate, processorTemplate, additionalTemplates] = await Promise.all([
    readText(join(folder, 'tokenizer_config.json')),
    readText(join(folder, 'config.json')),
    readText(join(folder, 'special_tokens_map.json')),
    readText(join(folder, 'chat_template.jinja')),
    readText(join(folder, 'chat_template.json')),
    readTemplates(join(folder, 'additional_chat_templates')),
  ]);
  try {
    return bundleOf(
      {
        id,
        tokenizerJson: text,
        tokenizerConfig: config ?? undefined,
        modelConfig: modelConfig ?? undefined,
        specialTokensMap: specials ?? undefined,
        chatTemplate: chatTemplate ?? undefined,
        additionalTemplates,
        processorTemplate: processorTemplate ?? undefined,
      },
      tokenizerClass,
    );
  } catch (error) {
    if (error instanceof TokenizerError)
      throw new LoadError(
        `The tokenizer in ${folder} cannot be used: ${error.message} Copy its files again, or choose another.`,
      );
    throw error;
  }
}

/** The chat template that the settings choose, else the tokenizer's. Throws `LoadError`. */
export async function loadTemplate(settings: Settings, bundle: TokenizerBundle): Promise<TemplateSources> {
  const id = settings.chatTemplate;
  if (id === null) return { name: settings.tokenizer, byKind: bundle.chatTemplates };
  if (id.startsWith(BUNDLED)) {
    const name = id.slice(BUNDLED.length);
    if (DEFAULT_TOKENIZER === id) return { name: id, byKind: bundle.chatTemplates };
    const found = BUNDLED_TEMPLATES.find((template) => template.name === name);
    if (!found)
      throw new LoadError(
        `There is no chat template ${id}. Bundled are ${BUNDLED_TEMPLATES.map((t) => BUNDLED + t.name).join(', ')}.`,
      );
    return { name: id, byKind: { default: found.source } };
  }
  const source = await readText(id);
  if (source === null) throw new LoadError(`The chat template ${id} cannot be read. Check the path.`);
  return { name: basename(id), byKind: { default: source } };
}

/** The `.jinja` files of a folder, by name. */
async function readTemplates(folder: string): Promise<Readonly<Record<string, string>>> {
  const files = (await readdir(folder).catch((): string[] => [])).filter((file) => file.endsWith('.jinja')).sort();
  const texts = await Promise.all(
    files.map(async (file) => [basename(file, '.jinja'), await readText(join(folder, file))] as const),
  );
  return Object.fromEntries(texts.flatMap(([name, text]) => (text === null ? [] : [[name, text] as const])));
}

/** Null when there is no such file. */
async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw new LoadError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EISDIR');
