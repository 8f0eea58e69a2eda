import { describe, expect, it } from 'vitest';
import { compileTemplate } from '../../template/compile-template.ts';
import { assistant, CHATML, MARKED, type Row, type Shown, show, user } from '../fixtures.ts';
import { promptIds, reasoningRange, startsWith } from './nemo-ids.ts';

const shown = (row: Row, options: Record<string, boolean> = {}, template = CHATML): Shown =>
  show(template, row, { preset: 'nemo-automodel', ...options });
const ids = (...list: number[]): Int32Array => Int32Array.from(list);

const TWO: Row = {
  messages: [user('Hi'), assistant('Hello'), user('Bye'), assistant('Ciao', { reasoning_content: 'Go' })],
};

describe('the mask of NeMo Automodel', () => {
  it('has whole turns, headers and line breaks', () => {
    expect(shown({ messages: [user('Hi'), assistant('Hello')] }).trained).toEqual([
      '<|im_start|>assistant\nHello<|im_end|>\n',
    ]);
  });
  it('leaves out what the generation prompt supplies', () => {
    expect(shown(TWO, { mask_generation_prompt: true }).trained).toEqual([
      'Hello<|im_end|>\n',
      '<think>\nGo\n</think>\n\nCiao<|im_end|>\n',
    ]);
  });
  it('leaves out reasoning', () => {
    const [, last] = [...shown(TWO, { mask_reasoning_content: true }).trained];
    expect(last).toBe('<|im_start|>assistant\n');
    expect(shown(TWO, { mask_reasoning_content: true }).trained.at(-1)).toBe('Ciao<|im_end|>\n');
  });
  it('keeps the last stretch, which a masked thought breaks', () => {
    expect(shown(TWO, { mask_history: true }).trained).toEqual([
      '<|im_start|>assistant\n<think>\nGo\n</think>\n\nCiao<|im_end|>\n',
    ]);
    expect(shown(TWO, { mask_history: true, mask_reasoning_content: true }).trained).toEqual(['Ciao<|im_end|>\n']);
  });
  it('takes generation blocks where the template has them', () => {
    expect(shown({ messages: [user('Hi'), assistant('Hello')] }, {}, MARKED).trained).toEqual([
      '<think>\n\n</think>\n\nHello<|im_end|>',
    ]);
  });
  it('stops where turns are rewritten, none is the assistant’s, or nothing is before the first', () => {
    const rewriting = compileTemplate(
      'r',
      '{{ messages | length }}{% for m in messages %}{{ m.content }} {% endfor %}',
    );
    expect(shown({ messages: [user('Hi'), assistant('Hello')] }, {}, rewriting).mask.refused).toContain(
      'the first message alone',
    );
    expect(shown({ messages: [user('Hi')] }).mask.refused).toContain("no message is the assistant's");
    expect(shown({ messages: [assistant('Hi')] }).mask.refused).toContain('begins with the assistant');
  });
  it('stops at messages that its dataset refuses', () => {
    const refused = (message: Record<string, unknown>) => shown({ messages: [message, assistant('x')] }).mask.refused;
    expect(refused({ role: 'developer', content: 'x' })).toContain('message 1 has a role other than');
    expect(refused({ role: 'tool', content: 'x' })).toContain('`tool_call_id`');
    expect(refused(assistant('', { tool_calls: [{ function: { name: 'f' } }] }))).toContain('a tool call without');
    expect(refused(assistant('', { tool_calls: null }))).toContain('no list');
  });
});

it('begins of ids', () => {
  expect(startsWith(ids(1, 2, 3), ids(1, 2), null)).toBe(true);
  expect(startsWith(ids(1, 2, 3), ids(1, 9), 9)).toBe(true);
  expect(startsWith(ids(1, 2, 3), ids(9), 9)).toBe(false);
  expect(startsWith(ids(1), ids(1, 2), 2)).toBe(false);
  expect(promptIds(ids(1), ids(1, 5, 6), ids(5, 6, 7))).toBe(2);
  expect(promptIds(ids(1), ids(1, 5, 6), ids(5, 7))).toBe(0);
  expect(reasoningRange(ids(1, 2, 3, 4), ids(1, 4))).toEqual([1, 3]);
  expect(reasoningRange(ids(1, 2), ids(1, 2))).toBeNull();
});
