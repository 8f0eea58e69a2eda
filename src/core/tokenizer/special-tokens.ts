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
  const models = Object.keys(config).filter((name) => name.endsWith('_token') && !NAMES.includes(name));
  for (const name of [...NAMES, ...models]) {
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

/** Every special token that the config names, the unnamed ones included. */
export function allSpecialTokens(config: JsonObject | null): string[] {
  const tokens = Object.values(specialTokensOf(config));
  for (const key of ['extra_special_tokens', 'additional_special_tokens']) {
    const list = config?.[key];
    if (!Array.isArray(list)) continue;
    for (const token of list as readonly unknown[]) {
      const content = contentOf(token);
      if (content !== null) tokens.push(content);
    }
  }
  return tokens;
}

function contentOf(token: unknown): string | null {
  if (typeof token === 'string') return token;
  return isObject(token) && typeof token['content'] === 'string' ? token['content'] : null;
}
