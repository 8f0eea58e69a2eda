import type { TokenizerClass } from './tokenizer-class.ts';

/** Tokens of a text. Arrays of equal length; `starts[i], ends[i]` are UTF-16 units of the encoded text. */
export interface Encoding {
  readonly ids: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
}

export interface Tokenizer {
  /** What the user called it: `bundled:qwen3` or a folder. */
  readonly id: string;
  /**
   * `addSpecialTokens`: run the post-processor's template (BOS, EOS), as `tokenizer(text)` does; chat rendering does not.
   * `addedTokens: false`: nothing in the text is an added token, special or not.
   */
  encode(text: string, options?: { readonly addSpecialTokens?: boolean; readonly addedTokens?: boolean }): Encoding;
  /** The token's text as its vocabulary entry spells it in plain characters (`Ġhe` is ` he`); bytes that are no character become U+FFFD. */
  tokenText(id: number): string;
  tokenBytes(id: number): Uint8Array;
  readonly vocabSize: number;
  readonly addedTokens: readonly AddedToken[];
}

/** A tokenizer folder, loaded: tokenizer.json + tokenizer_config.json + chat_template.jinja. */
export interface TokenizerBundle {
  readonly tokenizer: Tokenizer;
  /** bos_token, eos_token, ... as the template sees them; only those that are set. */
  readonly specialTokens: Readonly<Record<string, string>>;
  /** Named templates (`default`, `tool_use`); empty when the folder has none. */
  readonly chatTemplates: Readonly<Record<string, string>>;
  /** Sentences about the files that are no errors, such as that transformers 5 would build another tokenizer from them. */
  readonly notices?: readonly string[];
  /** The `tokenizerClass` that a notice is about. */
  readonly offeredClass?: TokenizerClass;
  /** `chat_control_tokens` of tokenizer_config.json (transformers 5.20); absent where it names none. */
  readonly chatControlTokens?: readonly string[];
}
