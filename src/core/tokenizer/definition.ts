import { addedByConfig, addedTokensOf, type TokenToAdd } from './added-tokens.ts';
import type { JsonObject } from './json.ts';
import { specialTokensToAdd } from './special-tokens.ts';

/** All that a tokenizer is made of. */
export interface TokenizerDefinition {
  /** The components as tokenizer.json writes them. */
  readonly root: JsonObject;
  /** Added tokens, in the calls that add them: a call counts its new ids from those that are there. */
  readonly calls: readonly (readonly TokenToAdd[])[];
  /** Special tokens are no tokens inside of text. */
  readonly splitSpecial: boolean;
  /** Special tokens before and behind the text, where they are asked for; null: as the post-processor says. */
  readonly around: readonly (string | null)[] | null;
  /** Scores of Unigram as they are written, and not as tokenizers reads them from a file. */
  readonly exactScores: boolean;
}

/** tokenizer.json as it stands, and the tokens that transformers adds from tokenizer_config.json. */
export function definitionOfFile(root: JsonObject, config: JsonObject | null): TokenizerDefinition {
  const own = addedTokensOf(root);
  return {
    root,
    calls: [own, addedByConfig(config, specialTokensToAdd(config), own)],
    splitSpecial: config?.['split_special_tokens'] === true,
    around: null,
    exactScores: false,
  };
}
