import { chatTemplatesOf } from './chat-templates.ts';
import type { Tokenizer, TokenizerBundle } from './encoding.ts';
import { TokenizerError } from './errors.ts';
import { type JsonObject, objectAt } from './json.ts';
import { createTokenizer } from './load.ts';
import { specialTokensOf, withLegacyMap } from './special-tokens.ts';

/** The texts of a tokenizer folder's files; only tokenizer.json must be there. */
export interface BundleFiles {
  /** What the user called it: `bundled:qwen3` or a folder. */
  readonly id: string;
  readonly tokenizerJson: string;
  readonly tokenizerConfig?: string | undefined;
  readonly specialTokensMap?: string | undefined;
  /** chat_template.jinja */
  readonly chatTemplate?: string | undefined;
  /** additional_chat_templates/NAME.jinja, by name */
  readonly additionalTemplates?: Readonly<Record<string, string>> | undefined;
  /** chat_template.json */
  readonly processorTemplate?: string | undefined;
}

/** @throws TokenizerError where a file is no JSON or the tokenizer is broken. */
export function bundleOf(files: BundleFiles): TokenizerBundle {
  const config = parseObject(files.tokenizerConfig, 'tokenizer_config.json');
  const map = parseObject(files.specialTokensMap, 'special_tokens_map.json');
  return {
    tokenizer: tokenizerOf(files, withLegacyMap(config, map)),
    specialTokens: specialTokensOf(config, map),
    chatTemplates: chatTemplatesOf(config, {
      main: files.chatTemplate,
      additional: files.additionalTemplates,
      processor: parseObject(files.processorTemplate, 'chat_template.json'),
    }),
  };
}

/** What is wrong inside of tokenizer.json, with the file's name. */
function tokenizerOf({ id, tokenizerJson }: BundleFiles, config: JsonObject | null): Tokenizer {
  const json = parse(tokenizerJson, 'tokenizer.json');
  try {
    return createTokenizer(id, json, config);
  } catch (error) {
    if (!(error instanceof TokenizerError) || error.message.startsWith('tokenizer.json')) throw error;
    throw new TokenizerError(`in tokenizer.json, ${error.message}`);
  }
}

function parseObject(text: string | undefined, file: string): JsonObject | null {
  return text === undefined ? null : objectAt(parse(text, file), file);
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch (error) {
    throw new TokenizerError(`${file} is not valid JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
