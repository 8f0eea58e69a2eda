import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Texts on which tokenizers are compared with the Rust ones. */
export interface Corpus {
  /** By hand, in forty languages and in code. */
  readonly written: readonly string[];
  /** Every assigned code point, between letters, spaces and digits. */
  readonly sweep: readonly string[];
  /** Every mark behind letters that it may compose with. */
  readonly marks: readonly string[];
  readonly runs: readonly string[];
  readonly random: readonly string[];
}

/** `root`: the repository. `tokens`: texts of added tokens, which the random texts hold as well. */
export function makeCorpus(root: string, randomTexts: number, tokens: readonly string[] = []): Corpus {
  const file = join(root, 'test/fixtures/tokenizers/texts.json');
  const texts: Record<string, string[] | Record<string, string>> = JSON.parse(readFileSync(file, 'utf8'));
  const written = Object.values(texts).flatMap((group) => Object.values(group));
  return {
    written,
    sweep: codePoints(),
    marks: marked(),
    runs: longRuns(),
    random: randomOnes(written, randomTexts, tokens),
  };
}

export const allTexts = (corpus: Corpus): string[] => [
  ...corpus.written,
  ...corpus.runs,
  ...corpus.marks,
  ...corpus.sweep,
  ...corpus.random,
];

/** Ideographs, syllables and what private use there is: told apart by nothing but their names. */
function isBulk(code: number): boolean {
  return (
    (code >= 0x3500 && code < 0x9f00) ||
    (code >= 0xad00 && code < 0xd700) ||
    (code >= 0xe000 && code < 0xf900) ||
    (code >= 0x12000 && code < 0x12400) ||
    (code >= 0x13000 && code < 0x14600) ||
    (code >= 0x17100 && code < 0x18d00) ||
    (code >= 0x20000 && code < 0xe0000)
  );
}

/** Code points that are assigned, and some that are not. */
function* swept(): Generator<number> {
  for (let code = 0; code < 0x110000; code++) {
    const char = String.fromCodePoint(code);
    if (/\p{Cs}/u.test(char)) continue;
    if (code >= 0xf0000 ? code % 4096 === 0 : !/\p{Cn}/u.test(char) || code % 64 === 0) yield code;
  }
}

function codePoints(): string[] {
  const texts: string[] = [];
  const few: string[] = [];
  const many: string[] = [];
  for (const code of swept()) {
    const char = String.fromCodePoint(code);
    if (isBulk(code)) many.push(many.length % 7 === 6 ? `${char} ` : char);
    else few.push(`${char}a ${char}${char}1 x${char}\n${char}`);
    if (few.length === 6) texts.push(few.splice(0).join(''));
    if (many.length === 20) texts.push(many.splice(0).join(''));
  }
  texts.push(few.join(''), many.join(''));
  return texts;
}

/** Behind a letter, behind a letter and another mark, before one, and behind what they make together. */
function marked(): string[] {
  const texts: string[] = [];
  const line: string[] = [];
  for (const code of swept()) {
    const mark = String.fromCodePoint(code);
    if (!/\p{M}|\p{Lm}|\p{Sk}|\p{Cf}/u.test(mark)) continue;
    line.push(
      `e${mark} e\u0301${mark} e${mark}\u0301 \u304b${mark}\u3099 \u1100${mark}\u1161 \u{1f469}${mark}\u200d\u{1f4bb}`,
    );
    if (line.length === 6) texts.push(line.splice(0).join(' '));
  }
  texts.push(line.join(' '));
  return texts;
}

function longRuns(): string[] {
  return [
    'a'.repeat(5000),
    ' '.repeat(3000),
    `${' '.repeat(3000)}x`,
    '\n'.repeat(2000),
    '\n \t'.repeat(500),
    '=-'.repeat(1500),
    '0123456789'.repeat(300),
    'the cat and the hat '.repeat(200),
    'thethethe'.repeat(400),
    '\u4f60\u597d\u4e16\u754c'.repeat(500),
    '\ud83d\ude00'.repeat(700),
    'e\u0301'.repeat(900),
    `a${'\u0301\u0323'.repeat(40)}`,
    'A1b2C3d4+/'.repeat(400),
  ];
}

function randomOnes(written: readonly string[], count: number, tokens: readonly string[]): string[] {
  const random = generator(20240229);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const marks = [...'\u0301\u0300\u0323\u0302\u0327\u0308\u0345\u0f71\u05b0\u0334\u3099'];
  const bits = [
    ...[
      ' ',
      '  ',
      '\n',
      '\r\n',
      '\t',
      '.',
      ',',
      "'s",
      '!',
      '-',
      '_',
      '0',
      '7',
      '42',
      'a',
      'the',
      'World',
      'ING',
      '\u2581',
      '\u0120',
    ],
    ...[
      '<|im_start|>',
      '<|im_end|>',
      '<mask>',
      '<r>',
      'foo',
      'Hello',
      'the ',
      '<s>',
      '</s>',
      '<unk>',
      '<0x41>',
      '\u00df',
      '\u0130',
    ],
    ...[
      '\ufb01',
      '\u00bd',
      '\u3000',
      '\u0085',
      '\ufeff',
      '\u200d',
      '\ud83d\udc69',
      '\uac01',
      '\u1100',
      '\u1161',
      '\u304b',
      '\u32ff',
    ],
  ];
  const piece = () => {
    const kind = random();
    if (kind < 0.12 && tokens.length > 0) return pick(tokens);
    if (kind < 0.45) return pick(bits);
    if (kind < 0.6) return pick(marks);
    if (kind < 0.65) return anyCharacter();
    const text = pick(written);
    const start = Math.floor(random() * text.length);
    return text.slice(start, start + Math.floor(random() * 12));
  };
  const anyCharacter = () => {
    const code = Math.floor(random() * (random() < 0.8 ? 0x3000 : 0x20000));
    return code >= 0xd800 && code < 0xe000 ? 'x' : String.fromCodePoint(code);
  };
  return Array.from({ length: count }, () => {
    let text = '';
    for (let left = 1 + Math.floor(random() * 14); left > 0; left--) text += piece();
    return text.toWellFormed();
  });
}

/** Mulberry32: small, and the same everywhere. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
