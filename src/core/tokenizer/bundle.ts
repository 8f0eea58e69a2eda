import { chatTemplatesOf } from './chat-templates.ts';
import type { TokenizerBundle } from './encoding.ts';
import { TokenizerError } from './errors.ts';
import { type JsonObject, objectAt } from './json.ts';
import { refuseUnreadable, tokenizerOf } from './load.ts';
import { specialTokensOf, withLegacyMap } from './special-tokens.ts';
import { type ChosenTokenizer, chooseTokenizer, type TokenizerClass } from './tokenizer-class.ts';

/** The texts of a tokenizer folder's files; only tokenizer.json must be there. */
export interface BundleFiles {
  /** What the user called it: `bundled:qwen3` or a folder. */
  readonly id: string;
  readonly tokenizerJson: string;
  readonly tokenizerConfig?: string | undefined;
  /** config.json of the model */
  readonly modelConfig?: string | undefined;
  readonly specialTokensMap?: string | undefined;
  /** chat_template.jinja */
  readonly chatTemplate?: string | undefined;
  /** additional_chat_templates/NAME.jinja, by name */
  readonly additionalTemplates?: Readonly<Record<string, string>> | undefined;
  /** chat_template.json */
  readonly processorTemplate?: string | undefined;
}

/** @throws TokenizerError where a file is no JSON or the tokenizer is broken. */
export function bundleOf(files: BundleFiles, tokenizerClass: TokenizerClass = 'file'): TokenizerBundle {
  const config = parseObject(files.tokenizerConfig, 'tokenizer_config.json');
  const map = parseObject(files.specialTokensMap, 'special_tokens_map.json');
  const { definition, notice, offered } = chosenOf(files, withLegacyMap(config, map), tokenizerClass);
  return {
    tokenizer: inFile(() => tokenizerOf(files.id, definition)),
    notices: notice === null ? [] : [notice],
    ...(offered !== null && { offeredClass: offered }),
    specialTokens: specialTokensOf(config, map),
    ...controlTokensOf(config),
    chatTemplates: chatTemplatesOf(config, {
      main: files.chatTemplate,
      additional: files.additionalTemplates,
      processor: parseObject(files.processorTemplate, 'chat_template.json'),
    }),
  };
}

function controlTokensOf(config: JsonObject | null): Pick<TokenizerBundle, 'chatControlTokens'> {
  const tokens = config?.['chat_control_tokens'];
  return Array.isArray(tokens) ? { chatControlTokens: tokens.filter((token) => typeof token === 'string') } : {};
}

function chosenOf(files: BundleFiles, config: JsonObject | null, tokenizerClass: TokenizerClass): ChosenTokenizer {
  const evidence = {
    tokenizerConfig: config,
    modelConfig: parseObject(files.modelConfig, 'config.json'),
    hasByteLevel: files.tokenizerJson.includes('"ByteLevel"'),
  };
  const root = objectAt(parse(files.tokenizerJson, 'tokenizer.json'), 'tokenizer.json');
  return inFile(() => {
    refuseUnreadable(root);
    return chooseTokenizer(root, evidence, tokenizerClass);
  });
}

/** What is wrong inside of tokenizer.json, with the file's name. */
function inFile<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TokenizerError) || /^tokenizer(?:_config)?\.json/.test(error.message)) throw error;
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
