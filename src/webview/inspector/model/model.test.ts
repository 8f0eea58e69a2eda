import { describe, expect, it } from 'vitest';
import { codePieces } from '../../ui/code-pieces.ts';
import { describeToken, speech } from './describe.ts';
import { firstWindow, grown, grownBack, MOST, STEP, WHOLE, windowFor } from './draw-window.ts';
import { listedFields, lostNote } from './fields.ts';
import { markOf, needsMarks, spoken, visible } from './glyphs.ts';
import { groupAt } from './groups.ts';
import { barScale, stateStretches, turnBlocks } from './lanes.ts';
import { moveOfKey, target } from './navigation.ts';
import { originOf, tokensAt } from './origin.ts';
import { strip } from './problem-strip.ts';
import { type TestToken, testPart } from './row-fixture.ts';
import { rowModel } from './row-model.ts';
import { isSplit } from './spans.ts';
import { presentStates, STATES, stateOf } from './states.ts';
import { ago, contextSentence, fill, groupName, percent, progressOf } from './words.ts';

const user = (text: string, offset = 0): TestToken => ({ text, turn: 0, pointer: '/messages/0/content', offset });
const answer = (text: string, offset = 0): TestToken => ({
  text,
  turn: 1,
  trained: true,
  pointer: '/messages/1/content',
  offset,
});
const control = (text: string, turn: number, trained = false): TestToken => ({ text, turn, control: true, trained });

const talk = [
  control('<s>', -1),
  control('<|user|>', 0),
  user('Hi'),
  user(' there', 2),
  control('<|end|>', 0),
  control('<|assistant|>', 1),
  { text: '<think>', turn: 1, trained: true, reason: 'empty-think', control: true } as const,
  answer('Yes'),
  answer('.', 3),
  control('<|end|>', 1, true),
];
const roles = ['user', 'assistant'];
const model = (maxLength = 100, change = {}) => rowModel(testPart(talk, roles, change), maxLength);
const names = (states: Uint8Array) => [...states].map((state) => STATES[state]);

describe('states', () => {
  it('cut wins, odd ones want a look', () => {
    expect(names(model(8).states)).toEqual('rest rest rest rest rest rest look trained cut cut'.split(' '));
  });
  it('where the intended mask differs, a token is worth a look or missing', () => {
    const intended = Uint8Array.from([0, 0, 0, 0, 0, 1, 1, 1, 0, 1]);
    const { states, stateCounts } = model(100, { intended });
    expect(names(states)).toEqual('rest rest rest rest rest missing look trained look trained'.split(' '));
    expect(stateCounts).toEqual({ trained: 2, look: 2, rest: 5, missing: 1, cut: 0 });
    expect(presentStates(stateCounts)).toEqual(['trained', 'look', 'rest', 'missing']);
  });
  it('an index beyond the row is untrained', () => expect(stateOf(model().states, 99)).toBe('rest'));
});

describe('groups', () => {
  it('are the turns in the order of the text', () => {
    const { groups } = model();
    expect(groups.map(({ turn, role, from, to, trained }) => [turn, role, from, to, trained])).toEqual([
      [-1, 'template', 0, 1, 0],
      [0, 'user', 1, 5, 0],
      [1, 'assistant', 5, 10, 4],
    ]);
    expect([0, 1, 4, 5, 9].map((i) => groupAt(groups, i))).toEqual([0, 1, 1, 2, 2]);
    expect(groups.map(groupName)).toEqual([
      'Before turn 1, 1 token',
      'Turn 1, user, 4 tokens',
      'Turn 2, assistant, 4 of 5 trained',
    ]);
  });
  it('a turn printed in two places is two groups', () => {
    const part = testPart([user('a'), answer('b'), user('c')], roles);
    expect(rowModel(part, 10).groups.map((group) => group.turn)).toEqual([0, 1, 0]);
  });
  it('an empty row has none', () => {
    const empty = rowModel(testPart([], []), 10);
    expect([empty.groups, empty.total, empty.firstTrained]).toEqual([[], 0, -1]);
  });
});

describe('spans', () => {
  const split = testPart([user('a'), user('🚲', 1), { ...user('🚲', 1), again: true }, user('b', 3)], roles);
  it('draws a character once, however many tokens share it', () => {
    const { from, to } = rowModel(split, 10).spans;
    expect([0, 1, 2, 3].map((i) => split.text.slice(from[i], to[i]))).toEqual(['a', '🚲', '', 'b']);
    expect([0, 1, 2, 3].map((i) => isSplit(split, i))).toEqual([false, true, true, false]);
    expect(describeToken(rowModel(split, 10), 2).bytes).toBe('one part of f0 9f 9a b2');
  });
  it('keeps text that no token covers', () => {
    const part = testPart([user('a'), user('b', 1)], roles, {
      text: 'a-b-',
      starts: Int32Array.of(0, 2),
      ends: Int32Array.of(1, 3),
    });
    const { from, gap } = rowModel(part, 10).spans;
    expect([0, 1, 2].map((i) => part.text.slice(gap[i], from[i]))).toEqual(['', '-', '-']);
  });
  it('draws only what is new where tokens overlap in part', () => {
    const part = testPart([user('ab'), user('bc', 1)], roles, {
      text: 'abc',
      starts: Int32Array.of(0, 1),
      ends: Int32Array.of(2, 3),
    });
    const { from, to } = rowModel(part, 10).spans;
    expect([0, 1].map((i) => part.text.slice(from[i], to[i]))).toEqual(['ab', 'c']);
  });
});

describe('origins', () => {
  const { part } = model();
  it('lead from a token to the row', () => {
    expect(originOf(part, 3)).toEqual({ pointer: '/messages/0/content', range: [2, 8] });
    expect(originOf(part, 0)).toBeNull();
  });
  it('lead from the row to its tokens', () => {
    expect(tokensAt(part, '/messages/0/content', 0)).toEqual([2]);
    expect(tokensAt(part, '/messages/0/content', 5)).toEqual([3]);
    expect(tokensAt(part, '/messages/0/content', 99)).toEqual([]);
    expect(tokensAt(part, '/messages/1', null)).toEqual([7, 8]);
    expect(tokensAt(part, '/messages', null)).toEqual([2, 3, 7, 8]);
    expect(tokensAt(part, '/messages/10', null)).toEqual([]);
  });
  it('name the whole source where lengths differ', () => {
    const escaped = testPart([user('\\n')], roles, { segmentLength: Int32Array.of(1) });
    expect(originOf(escaped, 0)).toEqual({ pointer: '/messages/0/content', range: [0, 1] });
    expect(tokensAt(escaped, '/messages/0/content', 0)).toEqual([0]);
  });
  it('a template token goes to its message', () => {
    expect(describeToken(model(), 9).goal).toEqual({ pointer: '/messages/1', range: null });
    expect(describeToken(model(), 0).goal).toBeNull();
  });
});

describe('words of a token', () => {
  it('is one sentence', () => {
    expect(speech(model(), 3)).toBe('there, id 103, Not trained. Turn of the user: context only.');
    expect(speech(model(2), 3)).toBe('there, id 103, Cut. Past max length 2: the trainer never sees it.');
  });
});

describe('folds', () => {
  const words = (n: number, extra: Partial<TestToken>): TestToken[] =>
    Array.from({ length: n }, (_, i) => ({ text: ` w${i % 10}`, turn: 0, ...extra }));
  const system = [
    control('<|im_start|>', 0),
    { text: 'system', turn: 0 },
    { text: '\n', turn: 0 },
    ...words(3, { pointer: '/messages/0/content' }),
    ...words(5, {}),
    ...words(40, { pointer: '/tools/0' }),
    ...words(40, { pointer: '/tools/1/function' }),
    control('<tool_call>', 0),
    ...words(2, {}),
    control('<|im_end|>', 0),
    { text: '\n', turn: 0 },
  ];
  it('take the tools and the words around them', () => {
    expect(rowModel(testPart(system, ['system']), 1000).folds).toEqual([{ from: 6, to: 94, tools: 2 }]);
  });
  it('leave the role header where there is no text of the row', () => {
    const bare = system.filter((token) => token.pointer !== '/messages/0/content');
    expect(rowModel(testPart(bare, ['system']), 1000).folds).toEqual([{ from: 3, to: 91, tools: 2 }]);
  });
  it('never hide the cut, trained text or a short block', () => {
    expect(rowModel(testPart(system, ['system']), 50).folds).toEqual([null]);
    const trained = system.map((token) => ({ ...token, trained: true }));
    expect(rowModel(testPart(trained, ['system']), 1000).folds).toEqual([null]);
    const short = [...words(3, { pointer: '/tools/0' })];
    expect(rowModel(testPart(short, ['system']), 1000).folds).toEqual([null]);
  });
});

describe('context bar', () => {
  it('lists what is not plain, in order', () => {
    expect(stateStretches(model(8).states, 10)).toEqual([
      { state: 'look', from: 6, to: 7 },
      { state: 'trained', from: 7, to: 8 },
      { state: 'cut', from: 8, to: 10 },
    ]);
  });
  it('stays small for any row, and shows what is rare', () => {
    const states = new Uint8Array(100_000).fill(STATES.indexOf('rest'));
    for (let i = 0; i < states.length; i += 2) states[i] = STATES.indexOf('trained');
    states[5001] = STATES.indexOf('look');
    const stretches = stateStretches(states, states.length);
    expect(stretches.length).toBeLessThan(10);
    expect(stretches.some(({ state }) => state === 'look')).toBe(true);
  });
  it('names what fits', () => {
    expect(turnBlocks(model().groups, 12).map(({ label, size }) => [label, size])).toEqual([
      ['T', 'tiny'],
      ['user 4', 'wide'],
      ['assistant 5', 'wide'],
    ]);
    expect(turnBlocks(model().groups, 1000).map(({ size }) => size)).toEqual(['bare', 'bare', 'bare']);
  });
  it('is broken where the row is a small part of max length', () => {
    expect(barScale(467, 448)).toEqual({ tokens: 467, broken: false });
    expect(barScale(467, 1024)).toEqual({ tokens: 1024, broken: false });
    expect(barScale(80, 4096)).toEqual({ tokens: 100, broken: true });
    expect(barScale(0, 4096)).toEqual({ tokens: 4096, broken: false });
  });
});

describe('navigation', () => {
  const { states, groups } = model();
  it('moves by token, change, turn and to the ends', () => {
    expect(target('next', 9, states, groups)).toBe(9);
    expect(target('previous', 0, states, groups)).toBe(0);
    expect(target('next-change', 0, states, groups)).toBe(6);
    expect(target('next-change', 8, states, groups)).toBe(9);
    expect(target('previous-change', 9, states, groups)).toBe(6);
    expect(target('previous-change', 3, states, groups)).toBe(0);
    expect(target('next-turn', 2, states, groups)).toBe(5);
    expect(target('next-turn', 7, states, groups)).toBe(5);
    expect(target('previous-turn', 7, states, groups)).toBe(1);
    expect(target('previous-turn', 0, states, groups)).toBe(0);
    expect(target('first', 7, states, groups)).toBe(0);
    expect(target('last', 0, states, groups)).toBe(9);
  });
  it('knows its keys', () => {
    const key = (name: string, held = {}) =>
      moveOfKey({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...held });
    expect(key('ArrowRight')).toBe('next');
    expect(key('ArrowRight', { ctrlKey: true })).toBe('next-change');
    expect(key('ArrowLeft', { metaKey: true })).toBe('previous-change');
    expect(key('ArrowDown')).toBe('next-turn');
    expect(key('ArrowUp', { altKey: true })).toBeNull();
    expect(key('End')).toBe('last');
    expect(key('q')).toBeNull();
  });
});

describe('draw window', () => {
  it('draws short rows whole and long ones by parts', () => {
    expect(firstWindow(WHOLE)).toEqual({ from: 0, to: WHOLE });
    expect(firstWindow(WHOLE + 1)).toEqual({ from: 0, to: STEP });
    expect(grown({ from: 0, to: STEP }, 9000)).toEqual({ from: 0, to: 2 * STEP });
    expect(grown({ from: 0, to: 2 * STEP }, 9000)).toEqual({ from: 0, to: 9000 });
    expect(grown({ from: 0, to: MOST }, 400_000)).toEqual({ from: MOST, to: MOST + STEP });
    expect(grownBack({ from: 10_000, to: 12_000 })).toEqual({ from: 6000, to: 12_000 });
    expect(grownBack({ from: 100, to: 200 })).toEqual({ from: 0, to: 200 });
  });
  it('goes to a token wherever it is', () => {
    const window = { from: 8000, to: 12_000 };
    expect(windowFor(window, 8000, 400_000)).toBe(window);
    expect(windowFor(window, 12_000, 400_000)).toEqual({ from: 8000, to: 16_000 });
    expect(windowFor(window, 7999, 400_000)).toEqual({ from: 4000, to: 12_000 });
    expect(windowFor(window, 399_999, 400_000)).toEqual({ from: 396_000, to: 400_000 });
    expect(windowFor(window, 1, 400_000)).toEqual({ from: 0, to: 4000 });
  });
});

describe('glyphs', () => {
  it('shows what cannot be seen', () => {
    expect(visible(' a\n\tb')).toBe('·a↵→b');
    expect(visible('a\u202eb')).toBe('aU+202Eb');
    expect(markOf('\n', true, false)).toEqual({ glyph: '↵', keep: true });
    expect(markOf('\n', false, false)).toBeNull();
    expect(markOf(' ', true, false)).toBeNull();
    expect(markOf(' ', false, true)).toEqual({ glyph: '·', keep: false });
    expect(markOf('\u202e', false, false)).toEqual({ glyph: 'U+202E', keep: false });
    expect(markOf('\u200d', false, false)).toBeNull();
    expect(needsMarks('plain text', false)).toBe(false);
    expect(needsMarks('plain text', true)).toBe(true);
    expect(needsMarks('\n\n', false)).toBe(true);
  });
  it('says blanks by name', () => {
    expect(spoken(' Thursday')).toBe('Thursday');
    expect(spoken('\n\n')).toBe('2 line breaks');
    expect(spoken('\n  ')).toBe('line break, 2 spaces');
  });
});

describe('words', () => {
  it('writes shares', () => {
    expect([percent(38, 100), percent(3, 1000), percent(1, 100_000), percent(0, 5), percent(1, 0)]).toEqual([
      '38 %',
      '0.3 %',
      '< 0.1 %',
      '0 %',
      '0 %',
    ]);
  });
  it('says the context bar in a sentence', () => {
    const counts = { tokens: 467, trained: 169, truncated: 19, trainedCut: 19 };
    expect(contextSentence(counts, 448, { system: 168, user: 299 })).toBe(
      'Context window: 467 tokens, 169 trained, 19 cut at 448. system 36 % · user 64 %.',
    );
    expect(fill(counts, 448)).toBe('longer than max length 448');
    expect(fill({ ...counts, truncated: 0 }, 1024)).toBe('46 % of 1,024');
  });
  it('reads progress and time', () => {
    expect(progressOf('Loading tokenizer org/model-8b, 4.1 of 11.4 MB')).toBeCloseTo(0.36);
    expect(progressOf('Loading tokenizer qwen3')).toBeNull();
    expect([ago(200), ago(10_000), ago(120_000), ago(7_200_000)]).toEqual([
      'just now',
      'from 10 s ago',
      'from 2 min ago',
      'from 2 h ago',
    ]);
  });
  it('finds code', () => {
    expect(codePieces('A `b` c').map(({ text, code }) => (code ? `<${text}>` : text))).toEqual(['A ', '<b>', ' c']);
    expect(codePieces('`unclosed')).toEqual([{ text: '`unclosed', code: false }]);
  });
});

describe('problems and fields', () => {
  const problem = (severity: 'error' | 'warning' | 'hint') => ({
    code: 'a/b',
    severity,
    message: '',
    pointer: '',
    range: [0, 0] as const,
  });
  it('shows the worst two, under their own index', () => {
    const all = [problem('hint'), problem('error'), problem('warning')];
    expect(strip(all, false)).toMatchObject({ shown: [{ index: 1 }, { index: 2 }], hidden: 1 });
    expect(strip(all, true).shown.map(({ index }) => index)).toEqual([1, 2, 0]);
  });
  it('lists text, not names, and says what is lost', () => {
    const field = (pointer: string, characters = 5) => ({ pointer, characters, tokens: 0, trained: 0, printed: false });
    expect(listedFields([field('/messages/0/role'), field('/messages/0/content')]).map((f) => f.pointer)).toEqual([
      '/messages/0/content',
    ]);
    expect(lostNote(field('/messages/0/name'))).toBe('The template drops this field.');
    expect(lostNote(field('/id'))).toBe('Never reaches the model.');
    expect(lostNote(field('/messages/0/content', 0))).toBe('Empty.');
  });
});
