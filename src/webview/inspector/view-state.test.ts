import { describe, expect, it } from 'vitest';
import type { InspectorPickers, InspectorRow } from '../../core/protocol.ts';
import { testPart } from './model/row-fixture.ts';
import { firstState, savedState, withPart, withRow } from './view-state.ts';

const choice = { value: 'a', options: [] };
const pickers: InspectorPickers = {
  format: choice,
  tokenizer: choice,
  chatTemplate: choice,
  mask: choice,
  maxLength: { value: 10, options: [] },
};
const part = testPart([{ text: 'a', turn: 0, trained: true }], ['assistant']);

function row(number: number, change: Partial<InspectorRow> = {}, parts = [part]): InspectorRow {
  return {
    uri: 'file:///a.jsonl',
    file: 'a.jsonl',
    row: number,
    rows: 3,
    format: 'messages',
    detail: {
      format: 'messages',
      problems: [],
      counts: part.counts,
      hash: '',
      length: 0,
      parts,
      templateError: null,
      messages: [],
    },
    problems: [],
    excerpt: null,
    maxLength: 10,
    restricted: false,
    ...change,
  };
}
const broken = (number: number): InspectorRow => row(number, { excerpt: { text: '{', mark: [1, 1], column: 2 } }, []);

describe('view state', () => {
  it('knows a row that is drawn anew from another one', () => {
    const first = withRow(firstState({}), row(1), pickers, true, 0);
    expect(first.sameRow).toBe(false);
    expect(withRow(first, row(1), pickers, true, 1).sameRow).toBe(true);
    expect(withRow(first, row(2), pickers, true, 1).sameRow).toBe(false);
  });
  it('keeps the model of a row that is sent again unchanged', () => {
    const first = withRow(firstState({}), row(1), pickers, true, 0);
    expect(withRow(first, row(1), pickers, true, 1).model).toBe(first.model);
    expect(withRow(first, row(1, { maxLength: 0 }), pickers, true, 1).model).not.toBe(first.model);
    const other = { ...part, reasons: Uint8Array.of(1) };
    expect(withRow(first, row(1, {}, [other]), pickers, true, 1).model).not.toBe(first.model);
  });
  it('keeps the last valid version of the same row only', () => {
    const valid = withRow(firstState({}), row(1), pickers, true, 5);
    const bad = withRow(withRow(valid, broken(1), pickers, true, 6), broken(1), pickers, true, 7);
    expect(bad.lastValid?.at).toBe(5);
    expect(bad.model).toBeNull();
    const withOld = { ...broken(1), detail: row(1).detail };
    expect(withRow(valid, withOld, pickers, true, 6).model).toBeNull();
    expect(withRow(bad, broken(2), pickers, true, 8).lastValid).toBeNull();
    expect(withRow(bad, row(1), pickers, true, 9).sameRow).toBe(true);
  });
  it('shows the part that was asked for, or the first', () => {
    const pair = [
      { ...part, part: 'chosen' as const },
      { ...part, part: 'rejected' as const },
    ];
    const state = withRow(firstState({}), row(1, {}, pair), pickers, true, 0);
    expect(state.model?.part.part).toBe('chosen');
    const other = withPart(state, 'rejected');
    expect([other.model?.part.part, other.sameRow]).toEqual(['rejected', false]);
    expect(withRow(other, row(2, {}, pair), pickers, true, 1).model?.part.part).toBe('rejected');
  });
  it('reads what it saved and nothing else', () => {
    expect(savedState({ tab: 'tokens', part: 'rejected', showSpace: true })).toEqual({
      tab: 'tokens',
      part: 'rejected',
      showSpace: true,
    });
    expect(savedState({ tab: 'x', part: 1, showSpace: 'yes' })).toEqual({});
    expect([savedState(null), savedState(undefined), savedState('a')]).toEqual([{}, {}, {}]);
  });
});
