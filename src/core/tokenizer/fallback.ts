import { Tokenizer as PackageTokenizer } from '@huggingface/tokenizers';
import { alignTokens } from './align.ts';
import type { AddedToken, Encoding, Tokenizer } from './encoding.ts';
import { TokenizerError } from './errors.ts';
import { isObject, type JsonObject } from './json.ts';
import { bytesOfToken, createSpeller, spellingOf } from './spelling.ts';
import { wellFormed } from './well-formed.ts';

/**
 * A tokenizer whose components only `@huggingface/tokenizers` knows. The package has no offsets, so the spans are
 * found again by aligning the tokens with the text.
 *
 * @throws TokenizerError where the package cannot use the file either.
 */
export function createFallback(id: string, root: JsonObject, config: JsonObject): Tokenizer {
  const engine = construct(root, config);
  const spelling = spellingOf(root);
  const addedTokens: AddedToken[] = [...engine.get_added_tokens_decoder()].map(([tokenId, token]) => ({
    id: tokenId,
    content: token.content,
    special: token.special === true,
  }));
  const speller = createSpeller(addedTokens, (tokenId) => {
    const token = engine.id_to_token(tokenId);
    return token === undefined ? undefined : bytesOfToken(token, spelling);
  });
  const specialIds = new Set(addedTokens.filter((token) => token.special).map((token) => token.id));
  return {
    id,
    encode(input, options) {
      const text = wellFormed(input);
      const plain = text === '' ? [] : engine.encode(text, { add_special_tokens: false }).ids;
      const aligned = alignTokens(text, plain, speller.tokenText);
      if (options?.addSpecialTokens !== true) return aligned;
      return withSpecials(aligned, engine.encode(text, { add_special_tokens: true }).ids, specialIds);
    },
    ...speller,
    vocabSize: engine.get_vocab().size,
    addedTokens,
    exactOffsets: false,
  };
}

function construct(root: JsonObject, config: JsonObject): PackageTokenizer {
  // The package wants these keys to be there, even where they are null.
  const complete: Record<string, unknown> = { ...root, added_tokens: root['added_tokens'] ?? [] };
  for (const key of ['decoder', 'post_processor', 'pre_tokenizer', 'normalizer']) complete[key] ??= null;
  try {
    return new PackageTokenizer(complete, isObject(config) ? config : {});
  } catch (error) {
    throw new TokenizerError(
      `This tokenizer.json cannot be used: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

/** Spans for the same tokens with special ones in between, which stand for no text. */
function withSpecials(plain: Encoding, ids: readonly number[], specialIds: ReadonlySet<number>): Encoding {
  const starts = new Int32Array(ids.length);
  const ends = new Int32Array(ids.length);
  let next = 0;
  ids.forEach((id, i) => {
    const isAdded =
      id !== plain.ids[next] || (specialIds.has(id) && ids.length - i > plain.ids.length - next && i === 0);
    if (isAdded) return;
    starts[i] = plain.starts[next]!;
    ends[i] = plain.ends[next]!;
    next++;
  });
  return { ids: Int32Array.from(ids), starts, ends };
}
