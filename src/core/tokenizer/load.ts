import { type AddedVocabulary, addedVocabularyOf } from './added-tokens.ts';
import { bpeSettings, byteBpe, byteIdsOf, charBpe, mergesOf } from './bpe.ts';
import { definitionOfFile, type TokenizerDefinition } from './definition.ts';
import { encodeWith } from './encoder.ts';
import type { Tokenizer } from './encoding.ts';
import { TokenizerError } from './errors.ts';
import { isObject, type JsonObject, objectAt, optionalObject } from './json.ts';
import { compileNormalizer } from './normalize.ts';
import { compilePostProcessor, type PostStep } from './post-process.ts';
import { compileStages, type Stage } from './pretokenize.ts';
import type { PieceModel } from './spans.ts';
import { bytesOfToken, createSpeller, spellingOf } from './spelling.ts';
import { unigram } from './unigram.ts';
import { type Vocabulary, vocabularyOf } from './vocabulary.ts';
import { wordLevel, wordPiece } from './word-models.ts';

/**
 * The tokenizer of a parsed tokenizer.json, with the ids and offsets of tokenizers 0.23 (`Tokenizer.from_file`).
 * A tokenizer_config adds the tokens that transformers 5 adds from it.
 * The file's `truncation` and `padding` are not applied: transformers switches both off before it encodes.
 *
 * @throws TokenizerError naming the place in the file that is wrong.
 */
export function createTokenizer(id: string, tokenizerJson: unknown, tokenizerConfig?: unknown): Tokenizer {
  const config = isObject(tokenizerConfig) ? tokenizerConfig : null;
  const root = objectAt(tokenizerJson, 'tokenizer.json');
  refuseUnreadable(root);
  return tokenizerOf(id, definitionOfFile(root, config));
}

const KEYS = [
  'version',
  'truncation',
  'padding',
  'added_tokens',
  'normalizer',
  'pre_tokenizer',
  'post_processor',
  'decoder',
  'model',
];

/** What tokenizers 0.23 does not read at all. */
export function refuseUnreadable(root: JsonObject): void {
  const stranger = Object.keys(root).find((key) => !KEYS.includes(key));
  if (stranger !== undefined)
    throw new TokenizerError(`tokenizer.json has the key ${JSON.stringify(stranger)}, which tokenizers 0.23 refuses.`);
  for (const key of ['normalizer', 'pre_tokenizer', 'post_processor', 'decoder']) refuseDepth(root[key], key);
  const { version } = root;
  if (version !== undefined && version !== '1.0')
    throw new TokenizerError(`version must be "1.0", but is ${JSON.stringify(version)}.`);
}

/** serde_json reads so many levels. */
const DEEPEST = 120;

function refuseDepth(component: unknown, place: string): void {
  let level: unknown[] = [component];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) throw new TokenizerError(`${place} is nested more than ${DEEPEST} levels deep.`);
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
}

/** @throws TokenizerError naming the component that is wrong. */
export function tokenizerOf(id: string, definition: TokenizerDefinition): Tokenizer {
  const { root } = definition;
  const modelSpec = objectAt(root['model'], 'model');
  const normalizer = compileNormalizer(optionalObject(root['normalizer'], 'normalizer'), 'normalizer');
  const stages = compileStages(optionalObject(root['pre_tokenizer'], 'pre_tokenizer'), 'pre_tokenizer');
  const postSteps = compilePostProcessor(optionalObject(root['post_processor'], 'post_processor'), 'post_processor');
  const { model, vocabulary, remaining } = modelOf(modelSpec, stages, definition.exactScores);
  const added = addedVocabularyOf(definition.calls, vocabulary, normalizer, definition.splitSpecial);
  const encode = encodeWith({
    rawTokens: added.raw,
    normalizer,
    normalizedTokens: added.normalized,
    stages: remaining,
    model,
    postSteps: [...postSteps, ...aroundText(definition.around, added)],
    spellingOf: vocabulary.tokenOf,
  });
  const spelling = spellingOf(root);
  const speller = createSpeller(added.tokens, (token) => {
    const text = vocabulary.tokenOf(token);
    return text === undefined ? undefined : bytesOfToken(text, spelling);
  });
  return {
    id,
    encode,
    ...speller,
    vocabSize: totalSize(vocabulary, added),
    addedTokens: added.tokens,
  };
}

function aroundText(around: TokenizerDefinition['around'], added: AddedVocabulary): PostStep[] {
  if (around === null) return [];
  const [before, behind] = around.map((content) =>
    added.tokens.filter((token) => token.content === content).map(({ id }) => id),
  );
  return [{ kind: 'template', parts: [before ?? [], 'text', behind ?? []] }];
}

/** Entries of the vocabulary and added tokens that are not in it: `len(tokenizer)`. */
function totalSize(vocabulary: Vocabulary, added: AddedVocabulary): number {
  return vocabulary.size + added.tokens.filter((token) => vocabulary.idOf(token.content) === undefined).length;
}

interface Modelled {
  readonly model: PieceModel;
  readonly vocabulary: Vocabulary;
  /** The stages that are left to run before the model. */
  readonly remaining: readonly Stage[];
}

function modelOf(spec: JsonObject, stages: readonly Stage[], exactScores: boolean): Modelled {
  const type = spec['type'] ?? untaggedType(spec);
  if (type === 'Unigram') return { ...unigram(spec, exactScores), remaining: stages };
  if (type !== 'BPE' && type !== 'WordPiece' && type !== 'WordLevel')
    throw new TokenizerError(`model.type ${JSON.stringify(type)} is not known.`);
  const vocabulary = vocabularyOf(objectAt(spec['vocab'], 'model.vocab'), 'model.vocab');
  if (type === 'WordPiece') return { model: wordPiece(spec, vocabulary), vocabulary, remaining: stages };
  if (type === 'WordLevel') return { model: wordLevel(spec, vocabulary), vocabulary, remaining: stages };
  const settings = bpeSettings(spec);
  const merges = mergesOf(spec, vocabulary, settings);
  const hasAffixes = settings.continuingPrefix !== '' || settings.endSuffix !== '';
  const characters = charBpe(vocabulary, merges, settings);
  if (stages.at(-1)?.kind !== 'bytes' || hasAffixes) return { model: characters, vocabulary, remaining: stages };
  const wholePieces = settings.ignoreMerges ? vocabulary : null;
  const model = byteBpe(byteIdsOf(vocabulary), merges, wholePieces, characters);
  return { model, vocabulary, remaining: stages.slice(0, -1) };
}

/** Files of old versions leave out the type; the fields tell. */
function untaggedType(spec: JsonObject): string {
  if (Array.isArray(spec['vocab'])) return 'Unigram';
  if (spec['merges'] !== undefined) return 'BPE';
  return spec['max_input_chars_per_word'] === undefined ? 'WordLevel' : 'WordPiece';
}
