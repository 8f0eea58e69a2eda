import { describe, expect, it } from 'vitest';
import type { Sources } from '../formats/conversation.ts';
import { compileTemplate } from './compile-template.ts';
import { toRow } from './to-row.ts';

const content = 'Q: what is ß?\nGiven: this';
const context = {
  messages: [
    new Map([
      ['role', 'user'],
      ['content', content],
    ] as const),
  ],
  tools: null,
  args: new Map(),
  addGenerationPrompt: false,
};
const sources: Sources = new Map([
  [
    '/messages/0/content',
    [
      { pointer: null, text: 'Q: ' },
      { pointer: '/question', text: 'what is ß?' },
      { pointer: null, text: '\nGiven: ' },
      { pointer: '/context', text: 'this' },
    ],
  ],
]);
const shown = (source: string): unknown[] => {
  const rendering = compileTemplate('t', source).traced(context);
  const { text, segments } = toRow(rendering, sources);
  let end = 0;
  for (const segment of segments) {
    expect(segment.start).toBe(end);
    end = segment.end;
  }
  expect(end).toBe(text.length);
  return segments.map((s) => [text.slice(s.start, s.end), s.pointer, s.offset, s.how]);
};

describe('toRow', () => {
  it('splits a composed string into its pieces', () => {
    expect(shown('<{{ messages[0].content }}>')).toEqual([
      ['<Q: ', null, 0, 'template'],
      ['what is ß?', '/question', 0, 'copy'],
      ['\nGiven: ', null, 0, 'template'],
      ['this', '/context', 0, 'copy'],
      ['>', null, 0, 'template'],
    ]);
  });
  it('keeps the piece of a changed stretch', () => {
    const list = shown("{{ messages[0].content.split('Given')[0] | upper }}");
    expect(list).toContainEqual(['SS', '/question', 8, 'changed']);
  });
  it('makes what the format invented template text', () => {
    expect(shown('{{ messages[0].role }}!')).toEqual([['user!', null, 0, 'template']]);
  });
});
