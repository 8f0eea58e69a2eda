import { configToken, type TokenToAdd } from './added-tokens.ts';
import { isObject, type JsonObject } from './json.ts';

/** transformers' `SPECIAL_TOKENS_ATTRIBUTES`. */
const NAMES = ['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'];

/**
 * transformers' `special_tokens_map`, which a chat template sees: the seven usual ones, any other `..._token` of the
 * config and the entries of a dictionary `extra_special_tokens`; as strings, only those that are set
 * (transformers 5.23, tokenization_utils_base.py).
 */
export function specialTokensOf(
  tokenizerConfig: JsonObject | null,
  specialTokensMap: JsonObject | null = null,
): Record<string, string> {
  const config = withLegacyMap(tokenizerConfig, specialTokensMap) ?? {};
  const tokens: Record<string, string> = {};
  const extra = config['extra_special_tokens'];
  for (const name of namesOf(config)) {
    const content = contentOf(config[name]);
    if (content !== null) tokens[name] = content;
  }
  if (isObject(extra))
    for (const name of Object.keys(extra)) {
      const content = contentOf(extra[name]);
      if (content !== null) tokens[name] = content;
    }
  return tokens;
}

/** special_tokens_map.json counts only beside a config without `added_tokens_decoder`; then it wins. */
export function withLegacyMap(config: JsonObject | null, map: JsonObject | null): JsonObject | null {
  if (map === null || config?.['added_tokens_decoder'] !== undefined) return config;
  return { ...config, ...map };
}

/** Special tokens as tokens to add: those with a name, and the others. */
export interface SpecialTokensToAdd {
  readonly named: readonly TokenToAdd[];
  readonly extra: readonly TokenToAdd[];
}

export function specialTokensToAdd(config: JsonObject | null): SpecialTokensToAdd {
  const named = namesOf(config ?? {}).flatMap((name) => tokensOf(config?.[name], name));
  const extra = config?.['extra_special_tokens'];
  if (isObject(extra)) for (const name of Object.keys(extra)) named.push(...tokensOf(extra[name], name));
  // The older name counts where the newer one is not set.
  const unnamed = isSet(extra) ? extra : config?.['additional_special_tokens'];
  const list = Array.isArray(unnamed) ? (unnamed as readonly unknown[]) : [];
  return { named, extra: list.flatMap((token) => tokensOf(token, 'extra_special_tokens')) };
}

const tokensOf = (token: unknown, place: string): TokenToAdd[] =>
  contentOf(token) === null ? [] : [configToken(token, place, true)];

const isSet = (extra: unknown): boolean =>
  Array.isArray(extra) ? extra.length > 0 : isObject(extra) && Object.keys(extra).length > 0;

/** The usual names, then any other `..._token` of the config. */
function namesOf(config: JsonObject): string[] {
  return [...NAMES, ...Object.keys(config).filter((name) => name.endsWith('_token') && !NAMES.includes(name))];
}

/** The text of a special token: a string or an object with one. */
export function contentOf(token: unknown): string | null {
  if (typeof token === 'string') return token;
  return isObject(token) && typeof token['content'] === 'string' ? token['content'] : null;
}
