import { addedByConfig, configToken, type TokenToAdd } from './added-tokens.ts';
import type { TokenizerDefinition } from './definition.ts';
import { isObject, type JsonObject, objectAt, optionalFlag } from './json.ts';
import { QWEN } from './scanner.ts';
import { contentOf, specialTokensToAdd } from './special-tokens.ts';

/*
 * Tokenizers that classes of transformers 5.23 build in place of what tokenizer.json says: they take vocabulary, merges and
 * post-processor of the file, and have a normalizer, a pre-tokenizer and options of their own (models/*\/tokenization_*.py).
 */

/** What a class's constructor sees of tokenizer_config.json. */
interface Given {
  /** A special token's text, with the class's default. */
  readonly token: (name: string) => string | null;
  readonly flag: (key: string, fallback: boolean) => boolean;
  /** SentencePiece's rules in tokenizer.json. */
  readonly charsmap: string | null;
}

interface ClassRules {
  readonly model: 'BPE' | 'WordPiece' | 'Unigram';
  /** Defaults of special tokens; a config that sets one to null has none. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly parts: (given: Given) => ClassParts;
  /** Special tokens that the constructor adds a second time, as plain ones. */
  readonly addsAgain?: 'all' | 'extra';
}

interface ClassParts {
  readonly normalizer?: JsonObject;
  readonly preTokenizer: JsonObject;
  readonly options?: JsonObject;
  /** In place of the file's. */
  readonly postProcessor?: JsonObject | null;
  /** Names of the special tokens before and behind the text. */
  readonly around?: readonly [string | null, string | null];
}

const QWEN3_5 = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

const byteLevel = (given: Given, useRegex: boolean): JsonObject => ({
  type: 'ByteLevel',
  add_prefix_space: given.flag('add_prefix_space', false),
  trim_offsets: true,
  use_regex: useRegex,
});
const sequence = (...pretokenizers: readonly JsonObject[]): JsonObject => ({ type: 'Sequence', pretokenizers });
const splitBy = (pattern: string): JsonObject => ({
  type: 'Split',
  pattern: { Regex: pattern },
  behavior: 'Isolated',
  invert: false,
});
const metaspace = (scheme: string, split: boolean): JsonObject => ({
  type: 'Metaspace',
  replacement: '\u2581',
  prepend_scheme: scheme,
  split,
});
const wordsBehindMetaspace = (scheme: string): JsonObject =>
  sequence({ type: 'WhitespaceSplit' }, metaspace(scheme, true));
const precompiled = ({ charsmap }: Given): { readonly normalizer?: JsonObject } =>
  charsmap !== null ? { normalizer: { type: 'Precompiled', precompiled_charsmap: charsmap } } : {};

/** Python's text of a token that is not set. */
const NONE = 'None';
const ENDOFTEXT = '<|endoftext|>';
const NFC: JsonObject = { type: 'NFC' };
const SENTENCES = { bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>' };
const PAIRED = { ...SENTENCES, sep_token: '</s>', cls_token: '<s>', pad_token: '<pad>', mask_token: '<mask>' };

const qwen = (pattern: string): Omit<ClassRules, 'addsAgain'> => ({
  model: 'BPE',
  tokens: { unk_token: ENDOFTEXT, eos_token: ENDOFTEXT, pad_token: ENDOFTEXT },
  parts: (given) => ({ normalizer: NFC, preTokenizer: sequence(splitBy(pattern), byteLevel(given, false)) }),
});

const RULES: Readonly<Record<string, ClassRules>> = {
  LlamaTokenizer: {
    model: 'BPE',
    tokens: SENTENCES,
    parts: ({ flag }) => ({
      preTokenizer: metaspace(
        flag('add_prefix_space', true) ? (flag('legacy', false) ? 'always' : 'first') : 'never',
        false,
      ),
      options: { fuse_unk: true, byte_fallback: true },
    }),
  },
  CodeLlamaTokenizer: {
    model: 'BPE',
    tokens: {
      ...SENTENCES,
      prefix_token: '\u2581<PRE>',
      middle_token: '\u2581<MID>',
      suffix_token: '\u2581<SUF>',
      eot_token: '\u2581<EOT>',
      fill_token: '<FILL_ME>',
    },
    parts: ({ flag, token }) => ({
      preTokenizer: metaspace(flag('add_prefix_space', true) ? 'first' : 'never', false),
      options: { fuse_unk: true, byte_fallback: true, unk_token: token('unk_token') ?? NONE },
      postProcessor: null,
      around: ['bos_token', null],
    }),
  },
  GPT2Tokenizer: {
    model: 'BPE',
    tokens: { unk_token: ENDOFTEXT, bos_token: ENDOFTEXT, eos_token: ENDOFTEXT },
    parts: (given) => ({ preTokenizer: byteLevel(given, true) }),
  },
  Qwen2Tokenizer: { ...qwen(QWEN), addsAgain: 'all' },
  Qwen3_5Tokenizer: qwen(QWEN3_5),
  GemmaTokenizer: {
    model: 'BPE',
    tokens: { unk_token: '<unk>', bos_token: '<bos>', eos_token: '<eos>', pad_token: '<pad>', mask_token: '<mask>' },
    parts: ({ token }) => ({
      normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' },
      preTokenizer: { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious', invert: false },
      options: { fuse_unk: true, byte_fallback: true, unk_token: token('unk_token') ?? NONE },
    }),
  },
  CohereTokenizer: {
    model: 'BPE',
    tokens: {
      unk_token: '<UNK>',
      bos_token: '<BOS_TOKEN>',
      eos_token: '<|END_OF_TURN_TOKEN|>',
      pad_token: '<PAD>',
      cls_token: '<CLS>',
      sep_token: '<SEP>',
      mask_token: '<MASK_TOKEN>',
    },
    addsAgain: 'extra',
    parts: (given) => ({
      normalizer: NFC,
      preTokenizer: sequence({ type: 'Digits', individual_digits: true }, byteLevel(given, true)),
    }),
  },
  GPTNeoXTokenizer: {
    model: 'BPE',
    tokens: { unk_token: ENDOFTEXT, bos_token: ENDOFTEXT, eos_token: ENDOFTEXT, pad_token: '<|padding|>' },
    parts: (given) => ({ normalizer: NFC, preTokenizer: byteLevel(given, true), postProcessor: null }),
  },
  RobertaTokenizer: {
    model: 'BPE',
    tokens: PAIRED,
    parts: (given) => ({
      preTokenizer: byteLevel(given, true),
      postProcessor: {
        type: 'ByteLevel',
        trim_offsets: given.flag('trim_offsets', true),
        add_prefix_space: given.flag('add_prefix_space', false),
      },
      around: ['cls_token', 'sep_token'],
    }),
  },
  BertTokenizer: {
    model: 'WordPiece',
    tokens: { unk_token: '[UNK]', sep_token: '[SEP]', pad_token: '[PAD]', cls_token: '[CLS]', mask_token: '[MASK]' },
    parts: ({ flag, token }) => ({
      normalizer: {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: flag('tokenize_chinese_chars', true),
        strip_accents: flag('strip_accents', flag('do_lower_case', true)),
        lowercase: flag('do_lower_case', true),
      },
      preTokenizer: { type: 'BertPreTokenizer' },
      options: {
        unk_token: token('unk_token') ?? NONE,
        continuing_subword_prefix: '##',
        max_input_chars_per_word: 100,
      },
      postProcessor: null,
      around: ['cls_token', 'sep_token'],
    }),
  },
  XLMRobertaTokenizer: {
    model: 'Unigram',
    tokens: PAIRED,
    parts: (given) => ({
      ...precompiled(given),
      preTokenizer: wordsBehindMetaspace(given.flag('add_prefix_space', true) ? 'always' : 'never'),
      options: { unk_id: 3, byte_fallback: false },
      postProcessor: null,
      around: ['bos_token', 'eos_token'],
    }),
  },
  T5Tokenizer: {
    model: 'Unigram',
    tokens: { eos_token: '</s>', unk_token: '<unk>', pad_token: '<pad>' },
    parts: (given) => ({
      ...precompiled(given),
      preTokenizer: wordsBehindMetaspace('always'),
      options: { unk_id: 2, byte_fallback: false },
      postProcessor: null,
      around: [null, 'eos_token'],
    }),
  },
};

/** Other names of a class. */
const ALIASES: Readonly<Record<string, string>> = {
  BartTokenizer: 'RobertaTokenizer',
  LEDTokenizer: 'RobertaTokenizer',
  ElectraTokenizer: 'BertTokenizer',
  MobileBertTokenizer: 'BertTokenizer',
  SqueezeBertTokenizer: 'BertTokenizer',
};

/**
 * The tokenizer that a class of transformers builds from the file. Null where the class's rules are not known here, or
 * where it could not use such a file.
 *
 * @throws TokenizerError where the files are broken.
 */
export function definitionOfClass(
  name: string,
  root: JsonObject,
  config: JsonObject | null,
): TokenizerDefinition | null {
  const rules = RULES[ALIASES[name] ?? name];
  if (rules === undefined) return null;
  const model = objectAt(root['model'], 'model');
  const { vocab } = model;
  if (rules.model === 'Unigram' ? !Array.isArray(vocab) : !Array.isArray(vocab) && !isObject(vocab)) return null;
  const settings: JsonObject = { ...rules.tokens, ...config };
  const parts = rules.parts({
    token: (key) => contentOf(settings[key]),
    flag: (key, fallback) => optionalFlag(settings[key], fallback, `tokenizer_config.json: ${key}`),
    charsmap: charsmapOf(root['normalizer']),
  });
  const specials = specialTokensToAdd(settings);
  return {
    root: {
      normalizer: parts.normalizer ?? null,
      pre_tokenizer: parts.preTokenizer,
      post_processor: parts.postProcessor === undefined ? root['post_processor'] : parts.postProcessor,
      decoder: root['decoder'],
      model: {
        type: rules.model,
        vocab: rules.model !== 'Unigram' && Array.isArray(vocab) ? numbered(vocab) : vocab,
        ...(rules.model === 'BPE' ? { merges: model['merges'] ?? [] } : {}),
        ...parts.options,
      },
    },
    calls: [
      addedByConfig({ added_tokens_decoder: decoderOf(root, config) }, specials, []),
      ...(rules.addsAgain === undefined
        ? []
        : [plainly(rules.addsAgain === 'all' ? [...specials.named, ...specials.extra] : specials.extra)]),
    ],
    splitSpecial: settings['split_special_tokens'] === true,
    exactScores: true,
    around: parts.around?.map((key) => (key === null ? null : contentOf(settings[key]))) ?? null,
  };
}

const plainly = (tokens: readonly TokenToAdd[]): TokenToAdd[] =>
  tokens.map(({ content }) => configToken(content, 'special token', true));

/** The tokens by their ids: of the config, else of tokenizer.json. */
function decoderOf(root: JsonObject, config: JsonObject | null): JsonObject {
  const decoder = config?.['added_tokens_decoder'];
  if (isObject(decoder)) return decoder;
  const own = root['added_tokens'];
  if (!Array.isArray(own)) return {};
  return Object.fromEntries((own as readonly unknown[]).filter(isObject).map((token) => [String(token['id']), token]));
}

/** A vocabulary of tokens with scores as one of ids. */
const numbered = (vocab: readonly unknown[]): JsonObject =>
  Object.fromEntries(vocab.map((entry, id) => [String(Array.isArray(entry) ? entry[0] : entry), id]));

function charsmapOf(normalizer: unknown): string | null {
  if (!isObject(normalizer)) return null;
  const steps = normalizer['type'] === 'Sequence' ? normalizer['normalizers'] : [normalizer];
  if (!Array.isArray(steps)) return null;
  for (const step of steps as readonly unknown[])
    if (isObject(step) && step['type'] === 'Precompiled' && typeof step['precompiled_charsmap'] === 'string')
      return step['precompiled_charsmap'];
  return null;
}
