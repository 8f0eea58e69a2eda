import { untouched } from './aligned.ts';
import type { AddedToken } from './encoding.ts';
import { arrayAt, flag, isObject, type JsonObject, objectAt, stringAt } from './json.ts';
import type { Normalizer } from './normalize.ts';
import { createSplitter, type SplitToken, type Splitter } from './splitter.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface AddedVocabulary {
  readonly tokens: readonly AddedToken[];
  readonly raw: Splitter | null;
  readonly normalized: Splitter | null;
}

/** An entry of `added_tokens`. */
interface AddedEntry extends AddedToken {
  readonly flags: JsonObject;
}

/**
 * The added tokens of tokenizer.json. A content that the model knows has the model's id, whatever the file says;
 * others count on from the vocabulary (`AddedVocabulary::add_tokens` of tokenizers 0.23).
 */
export function addedVocabularyOf(
  list: unknown,
  vocabulary: Pick<Vocabulary, 'size' | 'idOf'>,
  normalizer: Normalizer | null,
): AddedVocabulary {
  const byContent = new Map<string, AddedEntry>();
  const entries = list === null || list === undefined ? [] : arrayAt(list, 'added_tokens');
  let next = vocabulary.size;
  entries.forEach((value, i) => {
    const flags = objectAt(value, `added_tokens[${i}]`);
    const content = stringAt(flags['content'], `added_tokens[${i}].content`);
    if (content === '') return;
    const id = vocabulary.idOf(content) ?? byContent.get(content)?.id ?? next++;
    byContent.set(content, { id, content, special: flag(flags['special'], false), flags });
  });
  const raw: SplitToken[] = [];
  const normalized: SplitToken[] = [];
  for (const { id, content, special, flags } of byContent.values()) {
    const isNormalized = flag(flags['normalized'], !special);
    const pattern = isNormalized && normalizer !== null ? normalizer(untouched(content, 0)).text : content;
    (isNormalized ? normalized : raw).push({
      pattern,
      id,
      singleWord: flag(flags['single_word'], false),
      lstrip: flag(flags['lstrip'], false),
      rstrip: flag(flags['rstrip'], false),
    });
  }
  return {
    tokens: [...byContent.values()].map(({ id, content, special }) => ({ id, content, special })),
    raw: createSplitter(raw),
    normalized: createSplitter(normalized),
  };
}

/**
 * What transformers 5 adds to tokenizer.json from tokenizer_config.json (tokenization_utils_tokenizers.py,
 * `TokenizersBackend.__init__`): entries of `added_tokens_decoder`, and special tokens that are in neither.
 */
export function addedByConfig(config: JsonObject | null, specialTokens: readonly string[], own: unknown): JsonObject[] {
  const decoder = config?.['added_tokens_decoder'];
  const tokens: JsonObject[] = !isObject(decoder)
    ? []
    : Object.entries(decoder)
        .sort(([a], [b]) => Number(a) - Number(b))
        .map(([, token]) => token)
        .filter(isObject);
  const known = new Set<unknown>(tokens.map((token) => token['content']));
  if (Array.isArray(own))
    for (const token of own as readonly unknown[]) if (isObject(token)) known.add(token['content']);
  for (const content of specialTokens) {
    if (known.has(content)) continue;
    known.add(content);
    tokens.push({ content, special: true, normalized: false });
  }
  return tokens;
}
