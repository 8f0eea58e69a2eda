import { type AddedVocabulary, addedVocabularyOf } from './added-tokens.ts';
import { byteBpe } from './bpe.ts';
import { toByteChars, utf8 } from './byte-alphabet.ts';
import { chatTemplatesOf } from './chat-templates.ts';
import { definitionOfFile } from './definition.ts';
import { encodeWith } from './encoder.ts';
import type { Tokenizer, TokenizerBundle } from './encoding.ts';
import { TokenizerError } from './errors.ts';
import { type JsonObject, objectAt, optionalObject, stringAt } from './json.ts';
import { addMerge, createMergeTable, type MergeTable } from './merge-table.ts';
import { compileNormalizer, type Normalizer } from './normalize.ts';
import { compilePostProcessor } from './post-process.ts';
import { compileStages } from './pretokenize.ts';
import { specialTokensOf } from './special-tokens.ts';
import { createSpeller } from './spelling.ts';

/*
 * A packed tokenizer: a byte-level BPE whose tokens 0 to 255 are single bytes and whose merge i makes token 256 + i,
 * so that the merges give the vocabulary. Written by scripts/pack-tokenizer.mjs; little-endian:
 *
 *   8 bytes  "SFTTOK1\n"
 *   4 bytes  length of the header, then the header: JSON {id, mergeCount, tokenizer, config}, where `tokenizer` is
 *            tokenizer.json without vocabulary and merges, and `config` is tokenizer_config.json
 *   256      the byte of each of the tokens 0 to 255
 *   6 planes of mergeCount bytes: left id (low, middle, high byte), then right id; in planes they compress better
 */
const MAGIC = 'SFTTOK1\n';
const BYTES = 256;

interface PackedFile {
  readonly header: JsonObject;
  readonly byteOfToken: Uint8Array;
  readonly lefts: Int32Array;
  readonly rights: Int32Array;
}

/**
 * The bundle in a packed file, after decompression (the file itself is brotli).
 *
 * @throws TokenizerError where the bytes are something else.
 */
export function loadPacked(bytes: Uint8Array): TokenizerBundle {
  const file = readPacked(bytes);
  const config = optionalObject(file.header['config'], 'config');
  return {
    tokenizer: tokenizerOf(file, config),
    specialTokens: specialTokensOf(config),
    chatTemplates: chatTemplatesOf(config),
  };
}

function readPacked(bytes: Uint8Array): PackedFile {
  const magic = utf8(MAGIC);
  if (!magic.every((byte, i) => bytes[i] === byte))
    throw new TokenizerError('This is not a packed tokenizer: its first bytes are not "SFTTOK1".');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerStart = magic.length + 4;
  const headerEnd = headerStart + view.getUint32(magic.length, true);
  const header = objectAt(JSON.parse(new TextDecoder().decode(bytes.subarray(headerStart, headerEnd))), 'header');
  const count = header['mergeCount'];
  const planes = headerEnd + BYTES;
  if (typeof count !== 'number' || bytes.length !== planes + 6 * count)
    throw new TokenizerError('The packed tokenizer is cut off: its length does not fit its header.');
  const idsAt = (start: number) => {
    const ids = new Int32Array(count);
    for (let i = 0; i < count; i++)
      ids[i] = bytes[start + i]! | (bytes[start + count + i]! << 8) | (bytes[start + 2 * count + i]! << 16);
    return ids;
  };
  return {
    header,
    byteOfToken: bytes.slice(headerEnd, planes),
    lefts: idsAt(planes),
    rights: idsAt(planes + 3 * count),
  };
}

function tokenizerOf(file: PackedFile, config: JsonObject | null): Tokenizer {
  const { header } = file;
  const root = objectAt(header['tokenizer'], 'tokenizer');
  const normalizer = compileNormalizer(optionalObject(root['normalizer'], 'normalizer'), 'normalizer');
  const stages = compileStages(optionalObject(root['pre_tokenizer'], 'pre_tokenizer'), 'pre_tokenizer');
  if (stages.pop()?.kind !== 'bytes')
    throw new TokenizerError('pre_tokenizer of a packed tokenizer must end in ByteLevel.');
  const vocabulary = packedVocabulary(file);
  const added = addedOf(root, config, vocabulary, normalizer);
  const encode = encodeWith({
    rawTokens: added.raw,
    normalizer,
    normalizedTokens: added.normalized,
    stages,
    model: byteBpe(byteIdsOf(file.byteOfToken), mergeTableOf(file), null, null),
    postSteps: compilePostProcessor(optionalObject(root['post_processor'], 'post_processor'), 'post_processor'),
    spellingOf: vocabulary.tokenOf,
  });
  return {
    id: stringAt(header['id'], 'id'),
    encode,
    ...createSpeller(added.tokens, vocabulary.bytesOf),
    vocabSize: vocabulary.size + added.tokens.length,
    addedTokens: added.tokens,
  };
}

function addedOf(
  root: JsonObject,
  config: JsonObject | null,
  vocabulary: PackedVocabulary,
  normalizer: Normalizer | null,
): AddedVocabulary {
  const { calls, splitSpecial } = definitionOfFile(root, config);
  // The packer refuses added tokens that are in the vocabulary, so none needs to be looked up there.
  return addedVocabularyOf(calls, { size: vocabulary.size, idOf: () => undefined }, normalizer, splitSpecial);
}

function byteIdsOf(byteOfToken: Uint8Array): Int32Array {
  const ids = new Int32Array(BYTES);
  byteOfToken.forEach((byte, id) => {
    ids[byte] = id;
  });
  return ids;
}

function mergeTableOf({ lefts, rights }: PackedFile): MergeTable {
  const table = createMergeTable(lefts.length);
  for (let i = 0; i < lefts.length; i++) addMerge(table, lefts[i]!, rights[i]!, i, BYTES + i);
  return table;
}

interface PackedVocabulary {
  readonly size: number;
  tokenOf(id: number): string | undefined;
  bytesOf(id: number): Uint8Array | undefined;
}

/** Tokens are spelled when they are asked for: each is its left part and its right part. */
function packedVocabulary({ byteOfToken, lefts, rights }: PackedFile): PackedVocabulary {
  const size = BYTES + lefts.length;
  return {
    size,
    bytesOf,
    tokenOf(id) {
      const bytes = bytesOf(id);
      return bytes === undefined ? undefined : toByteChars(bytes);
    },
  };

  function bytesOf(id: number): Uint8Array | undefined {
    if (!(id >= 0 && id < size)) return undefined;
    const bytes: number[] = [];
    const waiting = [id];
    while (waiting.length > 0) {
      const part = waiting.pop()!;
      if (part < BYTES) bytes.push(byteOfToken[part]!);
      else waiting.push(rights[part - BYTES]!, lefts[part - BYTES]!);
    }
    return Uint8Array.from(bytes);
  }
}
