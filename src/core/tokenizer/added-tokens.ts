import { untouched } from './aligned.ts';
import type { AddedToken } from './encoding.ts';
import { TokenizerError } from './errors.ts';
import { arrayAt, flagAt, idAt, isObject, type JsonObject, objectAt, optionalFlag, stringAt } from './json.ts';
import type { Normalizer } from './normalize.ts';
import type { SpecialTokensToAdd } from './special-tokens.ts';
import { createSplitter, type SplitToken, type Splitter } from './splitter.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A token as it is handed to the tokenizer; its id is found out there. */
export interface TokenToAdd {
  readonly content: string;
  readonly special: boolean;
  readonly normalized: boolean;
  readonly singleWord: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
}

export interface AddedVocabulary {
  readonly tokens: readonly AddedToken[];
  readonly raw: Splitter | null;
  readonly normalized: Splitter | null;
}

/** The `added_tokens` of tokenizer.json. Their ids are read and not used: see `idsOf`. */
export function addedTokensOf(root: JsonObject): TokenToAdd[] {
  const list = root['added_tokens'];
  if (list === undefined) return [];
  return arrayAt(list, 'added_tokens').map((value, i) => {
    const place = `added_tokens[${i}]`;
    const entry = objectAt(value, place);
    const flag = (key: string) => flagAt(entry[key], `${place}.${key}`);
    idAt(entry['id'], `${place}.id`);
    return {
      content: stringAt(entry['content'], `${place}.content`),
      special: flag('special'),
      normalized: flag('normalized'),
      singleWord: flag('single_word'),
      lstrip: flag('lstrip'),
      rstrip: flag('rstrip'),
    };
  });
}

/** A token of tokenizer_config.json: a string, which is special, or the fields of Python's `AddedToken`. */
export function configToken(value: unknown, place: string, isSpecial: boolean): TokenToAdd {
  const entry: JsonObject = typeof value === 'string' ? { content: value } : objectAt(value, place);
  const flag = (key: string, fallback = false) => optionalFlag(entry[key], fallback, `${place}.${key}`);
  const special = isSpecial || flag('special');
  return {
    content: stringAt(entry['content'], `${place}.content`),
    special,
    normalized: flag('normalized', !special),
    singleWord: flag('single_word'),
    lstrip: flag('lstrip'),
    rstrip: flag('rstrip'),
  };
}

/**
 * What transformers 5 adds to a tokenizer from tokenizer_config.json (tokenization_utils_tokenizers.py,
 * `TokenizersBackend.__init__`): entries of `added_tokens_decoder`, and special tokens that are not among the added ones.
 */
export function addedByConfig(
  config: JsonObject | null,
  { named, extra }: SpecialTokensToAdd,
  own: readonly TokenToAdd[],
): TokenToAdd[] {
  const decoder = config?.['added_tokens_decoder'];
  const tokens = !isObject(decoder)
    ? []
    : Object.entries(decoder)
        .sort(([a], [b]) => Number(a) - Number(b))
        .map(([id, token]) => configToken(token, `added_tokens_decoder[${JSON.stringify(id)}]`, false))
        .map((token) => (named.some(({ content }) => content === token.content) ? { ...token, special: true } : token));
  const known = new Set([...tokens, ...own].map(({ content }) => content));
  for (const token of [...named, ...extra]) {
    if (known.has(token.content)) continue;
    known.add(token.content);
    tokens.push(token);
  }
  return tokens;
}

/** An added token with the id that it gets. */
export type NumberedToken = TokenToAdd & { readonly id: number };

/**
 * `AddedVocabulary::add_tokens` of tokenizers 0.23, once for each of `calls`: the tokens by content. A content that the model
 * knows has the model's id, whatever the file says; others count on. The last that names a content decides over its flags.
 */
export function numberTokens(
  calls: readonly (readonly TokenToAdd[])[],
  vocabulary: Pick<Vocabulary, 'size' | 'idOf'>,
): ReadonlyMap<string, NumberedToken> {
  const byContent = new Map<string, NumberedToken>();
  for (const tokens of calls) {
    let next = nextId([...byContent.values()], vocabulary.size);
    for (const token of tokens) {
      const { content } = token;
      if (content === '') continue;
      byContent.set(content, { ...token, id: byContent.get(content)?.id ?? vocabulary.idOf(content) ?? next++ });
    }
  }
  return byContent;
}

function nextId(tokens: readonly NumberedToken[], size: number): number {
  const largest = tokens.reduce((most, { id }) => Math.max(most, id), -1);
  return largest >= size || (size === 0 && tokens.length > 0) ? largest + 1 : size;
}

/** `splitSpecial`: special tokens are no tokens inside of text (transformers' `split_special_tokens`). */
export function addedVocabularyOf(
  calls: readonly (readonly TokenToAdd[])[],
  vocabulary: Pick<Vocabulary, 'size' | 'idOf'>,
  normalizer: Normalizer | null,
  splitSpecial = false,
): AddedVocabulary {
  const byContent = numberTokens(calls, vocabulary);
  const specials = new Set(calls.flat().flatMap(({ content, special }) => (special ? [content] : [])));
  const raw: SplitToken[] = [];
  const normalized: SplitToken[] = [];
  const byPattern = new Map<string, string>();
  for (const token of byContent.values()) {
    const { content } = token;
    const pattern = token.normalized && normalizer !== null ? normalizer(untouched(content, 0)).text : content;
    if (token.normalized) refuseEqual(byPattern, pattern, content);
    (token.normalized ? normalized : raw).push({ ...token, pattern, ignored: splitSpecial && specials.has(content) });
  }
  return {
    tokens: [...byContent.values()].map(({ id, content, special }) => ({ id, content, special })),
    raw: createSplitter(raw),
    normalized: createSplitter(normalized),
  };
}

/** Of two tokens that are equal once they are normalized, tokenizers takes another one in each process. */
function refuseEqual(byPattern: Map<string, string>, pattern: string, content: string): void {
  const other = byPattern.get(pattern);
  if (other !== undefined && pattern !== '')
    throw new TokenizerError(
      `added_tokens ${JSON.stringify(other)} and ${JSON.stringify(content)} are the same once they are normalized, and tokenizers takes one of them by chance. Remove one of them, or set its "normalized" to false.`,
    );
  byPattern.set(pattern, content);
}
