import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Texts on which tokenizers are compared with the Rust ones: written ones, every code point, long runs, random ones. */
export interface Corpus {
  readonly written: readonly string[];
  readonly sweep: readonly string[];
  readonly runs: readonly string[];
  readonly random: readonly string[];
}

/** `root`: the repository. */
export function makeCorpus(root: string, randomTexts: number): Corpus {
  const file = join(root, 'test/fixtures/tokenizers/texts.json');
  const texts: Record<string, string[] | Record<string, string>> = JSON.parse(readFileSync(file, 'utf8'));
  const written = Object.values(texts).flatMap((group) => Object.values(group));
  return { written, sweep: codePoints(), runs: longRuns(), random: randomOnes(written, randomTexts) };
}

/** Every assigned code point but the bulk of ideographs and syllables, in small groups between letters, spaces and digits. */
function codePoints(): string[] {
  const texts: string[] = [];
  let line: string[] = [];
  for (let code = 0; code < 0x110000; code++) {
    const isBulk =
      (code >= 0x3500 && code < 0x9f00) || (code >= 0xad00 && code < 0xd700) || (code >= 0x17100 && code < 0x18000);
    if (isBulk || (code >= 0x20100 && code < 0xe0000) || code > 0xe01ff) continue;
    const char = String.fromCodePoint(code);
    if (/\p{Cs}/u.test(char) || (/\p{Cn}/u.test(char) && code % 64 !== 0)) continue;
    line.push(`${char}a ${char}${char}1 x${char}\n${char}`);
    if (line.length < 16) continue;
    texts.push(line.join(''));
    line = [];
  }
  texts.push(line.join(''));
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

function randomOnes(written: readonly string[], count: number): string[] {
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
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
