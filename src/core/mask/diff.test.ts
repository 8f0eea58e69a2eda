import { describe, expect, it } from 'vitest';
import { type DiffMask, diffMasks } from './diff.ts';
import { REASONS, type Reason } from './policy.ts';

/** Tokens as `[text, turn]`, and of each mask the reason of every token. */
type Row = readonly (readonly [string, number])[];

const TRAINED: ReadonlySet<Reason> = new Set(REASONS.slice(0, REASONS.indexOf('masked-header')));
const ROLES = ['user', 'assistant', 'user', 'assistant'];

function rowOf(tokens: Row) {
  let text = '';
  const starts: number[] = [];
  for (const [token] of tokens) {
    starts.push(text.length);
    text += token;
  }
  return {
    text,
    starts: Int32Array.from(starts),
    ends: Int32Array.from(tokens, ([token], i) => (starts[i] ?? 0) + token.length),
    turns: Int16Array.from(tokens, ([, turn]) => turn),
    roles: ROLES,
  };
}

const maskOf = (name: string | null, reasons: readonly Reason[]): DiffMask => ({
  name,
  trained: Uint8Array.from(reasons, (reason) => (TRAINED.has(reason) ? 1 : 0)),
  reasons: Uint8Array.from(reasons, (reason) => REASONS.indexOf(reason)),
});

const TOKENS: Row = [
  ['<|im_start|>', 0],
  ['Hi', 0],
  ['<|im_end|>', 0],
  ['\n', 0],
  ['<|im_start|>', 1],
  ['<think>', 1],
  ['\n\n', 1],
  ['</think>', 1],
  ['Yes', 1],
  ['<|im_end|>', 1],
  ['\n', 1],
  ['<|im_start|>', 3],
  ['<think>', 3],
  ['No', 3],
  ['<|im_end|>', 3],
  ['\n', 3],
];
const TRL: readonly Reason[] = [
  'masked-header',
  'masked-role',
  'masked-role',
  'masked-role',
  'masked-header',
  'empty-think',
  'empty-think',
  'empty-think',
  'assistant-content',
  'end-of-turn',
  'after-end-of-turn',
  'masked-header',
  'empty-think',
  'assistant-content',
  'end-of-turn',
  'after-end-of-turn',
];
const AXOLOTL = TRL.map(
  (reason): Reason =>
    reason === 'empty-think' ? 'masked-thinking' : reason === 'after-end-of-turn' ? 'masked-after-end-of-turn' : reason,
);

const diff = (a: DiffMask, b: DiffMask, maxLength = 1000) => diffMasks(rowOf(TOKENS), a, b, maxLength);
const said = (a: DiffMask, b: DiffMask): string => {
  const { lead, rest } = diff(a, b);
  return `${lead} ${rest}`.trim();
};

describe('two masks of one row', () => {
  const [trl, axolotl] = [maskOf('trl-assistant', TRL), maskOf('axolotl', AXOLOTL)];

  it('names the causes with their turns, more first', () => {
    const sentence =
      'trl-assistant trains 6 tokens more than axolotl: the empty think block of turns 2 and 4, and the line break after `<|im_end|>` of turns 2 and 4.';
    expect(said(trl, axolotl)).toBe(sentence);
    expect(said(axolotl, trl)).toBe(sentence);
  });

  it('lists the differences in the order of the row, one for each place and cause', () => {
    const { differences, ...counts } = diff(trl, axolotl);
    expect(differences.map(({ side, from, to, turn }) => [side, from, to, turn])).toEqual([
      ['first', 5, 8, 1],
      ['first', 10, 11, 1],
      ['first', 12, 13, 3],
      ['first', 15, 16, 3],
    ]);
    expect(counts).toMatchObject({ first: 10, second: 4, onlyFirst: 6, onlySecond: 0 });
    expect(counts.groups.map(({ tokens, turns }) => [tokens, turns])).toEqual([
      [4, [1, 3]],
      [2, [1, 3]],
    ]);
  });

  it('looks no further than max length', () => {
    expect(diff(trl, axolotl, 10)).toMatchObject({ first: 5, second: 2, onlyFirst: 3 });
  });

  it('says that masks are equal', () => {
    expect(said(trl, trl)).toBe('Both are trl-assistant: 10 tokens trained.');
    expect(said(trl, maskOf('ms-swift', TRL))).toBe('trl-assistant and ms-swift train the same 10 tokens.');
  });

  it('names what a mask that trains everything adds by what the other says of it', () => {
    const everything = maskOf(
      'trl-default',
      TRL.map(() => 'everything' as const),
    );
    expect(said(everything, trl)).toBe(
      'trl-default trains 6 tokens more than trl-assistant: the role header of turns 1, 2 and 4, and the text of the user of turn 1.',
    );
  });

  it('tells both directions', () => {
    const other = maskOf(
      'other',
      TRL.map((reason, i) => (i === 1 ? 'trained-context' : reason === 'end-of-turn' ? 'masked-end-of-turn' : reason)),
    );
    expect(said(trl, other)).toBe(
      'trl-assistant trains 2 tokens that other does not: the end of turn `<|im_end|>` of turns 2 and 4. other trains 1 token that trl-assistant does not: the text of the user of turn 1.',
    );
  });

  it('compares with what was meant', () => {
    const exact = TRL.map((reason, i): Reason => (i === 3 ? 'trained-by-defect' : i === 8 ? 'mask-defect' : reason));
    const tool = maskOf('trl-assistant', exact);
    const meant = {
      name: null,
      trained: Uint8Array.from(tool.trained, (bit, i) => (i === 3 ? 0 : i === 8 ? 1 : bit)),
      reasons: tool.reasons,
    };
    expect(said(tool, meant)).toBe(
      'trl-assistant trains 1 token that was not meant: what a defect of the token mask reaches in turn 1. trl-assistant leaves out 1 token that was meant: what a defect of the token mask loses in turn 2.',
    );
    expect(said(trl, { ...trl, name: null })).toBe('trl-assistant trains what was meant: 10 tokens.');
  });
});
