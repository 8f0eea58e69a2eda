import { TokenizerError } from '../../../src/core/tokenizer/errors.ts';
import { createTokenizer, refuseUnreadable, tokenizerOf } from '../../../src/core/tokenizer/load.ts';
import { chooseTokenizer, TOKENIZER_CLASSES } from '../../../src/core/tokenizer/tokenizer-class.ts';
import { generator } from './corpus.ts';

/** What became of mutated tokenizer files. Anything but these two is thrown on. */
export interface FuzzResult {
  readonly used: number;
  readonly refused: number;
  /** Milliseconds of the slowest file with its texts. */
  readonly slowest: number;
}

/** No regular expression of these comes to an end in time by backtracking alone. */
const CATASTROPHES = [
  '(a+)+$',
  '(a|a)*b',
  '(a|aa)+$',
  '(?:a?){30}a{30}',
  'a*a*a*a*a*a*a*b',
  '((a*)*)*b',
  '(.*)*(.*)*x',
  '(?>(a+)+)b',
  '(?:\\s*\\S*)*!',
  `${'a?'.repeat(30)}${'a'.repeat(30)}`,
  '(?=(a+)+b)',
  '(?<=(a+)+)b',
];
const BROKEN = [
  '(',
  '[',
  '\\',
  '(?<',
  'a{99999999}',
  '\\p{Nope}',
  '[z-a]',
  '(?i:ss)',
  '*',
  '\\k<a>',
  '(?~a)',
  ')',
  '(?',
  '\\x{ffffffff}',
  '['.repeat(5000),
  '('.repeat(5000),
];
const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  0.5,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 53,
  1e21,
  '',
  'a',
  ' ',
  '\u2581',
  '\ud83d',
  '\u0000',
  [],
  {},
  [[]],
  [['a', 1]],
  { type: 'ByteLevel' },
  { String: '' },
  { Regex: 'l*' },
  'BPE',
  'Unigram',
  'constructor',
  '__proto__',
];

/** Mutates tokenizer files and encodes texts with what can be read of them: all must be a tokenizer or a `TokenizerError`. */
export function fuzzTokenizers(
  files: readonly unknown[],
  texts: readonly string[],
  count: number,
  seed: number,
): FuzzResult {
  const random = generator(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  let used = 0;
  let refused = 0;
  let slowest = 0;
  for (let i = 0; i < count; i++) {
    const file = structuredClone(pick(files)) as Record<string, unknown>;
    for (let k = 1 + below(3); k > 0; k--) mutate(file);
    const started = performance.now();
    try {
      refuseUnreadable(file);
      const tokenizer =
        i % 4 === 3
          ? tokenizerOf(
              'fuzz',
              chooseTokenizer(
                file,
                { tokenizerConfig: mutatedConfig(), modelConfig: null, hasByteLevel: random() < 0.5 },
                pick(TOKENIZER_CLASSES),
              ).definition,
            )
          : createTokenizer('fuzz', file, i % 2 === 0 ? null : mutatedConfig());
      for (let t = 0; t < 3; t++) check(tokenizer.encode(pick(texts), { addSpecialTokens: t === 0 }));
      used++;
    } catch (error) {
      if (!(error instanceof TokenizerError)) throw error;
      refused++;
    }
    slowest = Math.max(slowest, performance.now() - started);
  }
  return { used, refused, slowest };

  function check({ ids, starts, ends }: { ids: Int32Array; starts: Int32Array; ends: Int32Array }): void {
    if (ids.length !== starts.length || ids.length !== ends.length)
      throw new Error('ids and spans are not of one length');
  }

  function mutate(file: Record<string, unknown>): void {
    const kind = random();
    if (kind < 0.15) plantPattern(file);
    else if (kind < 0.2) nest(file);
    else {
      const [owner, key] = somewhere(file);
      if (Array.isArray(owner)) {
        if (random() < 0.4) owner.splice(Number(key), 1);
        else owner[Number(key)] = structuredClone(pick(VALUES));
      } else if (random() < 0.25) delete owner[key];
      else if (random() < 0.2) owner[pick(['type', 'pattern', 'behavior', 'model', 'extra', key])] = pick(VALUES);
      else owner[key] = structuredClone(pick(VALUES));
    }
  }

  /** A property of the file, more likely one of a component than one of the many of the vocabulary. */
  function somewhere(file: Record<string, unknown>): [Record<string, unknown>, string] {
    let owner = file;
    for (;;) {
      const keys = Object.keys(owner);
      if (keys.length === 0) return [owner, 'added'];
      const key = pick(keys);
      const value = owner[key];
      if (typeof value !== 'object' || value === null || random() < 0.2) return [owner, key];
      owner = value as Record<string, unknown>;
    }
  }

  function plantPattern(file: Record<string, unknown>): void {
    const pattern = { Regex: pick(random() < 0.6 ? CATASTROPHES : BROKEN) };
    if (random() < 0.5)
      file['pre_tokenizer'] = {
        type: 'Split',
        pattern,
        behavior: pick(['Isolated', 'Removed', 'Contiguous']),
        invert: random() < 0.5,
      };
    else file['normalizer'] = { type: 'Replace', pattern, content: pick(['', 'x', ' ']) };
  }

  function nest(file: Record<string, unknown>): void {
    let step: unknown = { type: 'NFC' };
    const [key, list] = pick([
      ['normalizer', 'normalizers'],
      ['pre_tokenizer', 'pretokenizers'],
      ['post_processor', 'processors'],
    ] as const);
    for (let depth = pick([3, 100, 20_000]); depth > 0; depth--) step = { type: 'Sequence', [list]: [step] };
    file[key] = step;
  }

  function mutatedConfig(): Record<string, unknown> {
    const config: Record<string, unknown> = {
      tokenizer_class: pick([
        'LlamaTokenizer',
        'GPT2Tokenizer',
        'Qwen2TokenizerFast',
        'GemmaTokenizer',
        'CohereTokenizer',
        'BertTokenizer',
        'T5Tokenizer',
        'X',
        5,
      ]),
    };
    for (let k = below(3); k > 0; k--)
      config[
        pick([
          'added_tokens_decoder',
          'eos_token',
          'extra_special_tokens',
          'add_prefix_space',
          'legacy',
          'split_special_tokens',
          'unk_token',
          'x_token',
        ])
      ] = structuredClone(pick([...VALUES, { 3: { content: 'b' } }, { 1: 5 }, ['a', { content: 'c' }]]));
    return config;
  }
}
