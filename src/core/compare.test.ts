import { describe, expect, it } from 'vitest';
import { testEngine } from './checks/testing/engine.ts';
import { compareMasks } from './compare.ts';
import type { MaskSpec } from './config.ts';
import { differs } from './mask/row-diff.ts';

const row = (...contents: string[]): string =>
  JSON.stringify({ messages: contents.map((content, i) => ({ role: i % 2 === 0 ? 'user' : 'assistant', content })) });
const compared = (
  text: string,
  a: MaskSpec,
  b: MaskSpec,
  meant: readonly [boolean, boolean] = [false, false],
  maxLength = 4096,
) => compareMasks(text, [testEngine({ mask: a, maxLength }), testEngine({ mask: b, maxLength })], meant, 'messages');

describe('two masks of a row, counted', () => {
  const text = row('Hi', 'Yes', 'So?', 'Well.');
  it('counts what only one trains', () => {
    const counts = compared(text, 'trl-assistant', 'axolotl')!;
    expect(counts.onlyB).toBe(0);
    expect(counts.a).toBe(counts.b + counts.onlyA);
    // the empty think block of the last turn, and two line breaks
    expect(counts.onlyA).toBe(6);
    expect(differs(counts)).toBe(true);
    expect(compared(text, 'axolotl', 'trl-assistant')).toEqual({ a: counts.b, b: counts.a, onlyA: 0, onlyB: 6 });
  });
  it('is nothing where both are the same', () => {
    const counts = compared(text, 'full', 'trl-default')!;
    expect([counts.onlyA, counts.onlyB, differs(counts)]).toEqual([0, 0, false]);
  });
  it('looks no further than max length', () => {
    expect(compared(text, 'full', 'axolotl', [false, false], 3)).toEqual({ a: 3, b: 0, onlyA: 3, onlyB: 0 });
  });
  it('compares with what was meant', () => {
    expect(differs(compared(text, 'trl-assistant', 'trl-assistant', [false, true])!)).toBe(false);
  });
  it('has nothing to say of a row that is none', () => {
    expect(compared('{"messages": [', 'full', 'axolotl')).toBeNull();
    expect(compared('{"claim": 1}', 'full', 'axolotl')).toBeNull();
  });
});
