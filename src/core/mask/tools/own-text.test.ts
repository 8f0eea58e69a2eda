import { describe, expect, it } from 'vitest';
import type { MaskObject } from '../../config.ts';
import { assistant, CHATML, type Row, show, user } from '../fixtures.ts';

const trained = (row: Row, mask: MaskObject): readonly string[] | string => {
  const shown = show(CHATML, row, mask);
  return shown.mask.refused ?? shown.trained;
};
const system = { role: 'system', content: 'S' };
const tool = { role: 'tool', content: 'T' };
const TURNS: Row = { messages: [system, user('a'), assistant('b'), user('c'), assistant('d')] };

describe('llama-factory', () => {
  const mask = (options: Partial<MaskObject> = {}): MaskObject => ({ preset: 'llama-factory', ...options });
  it('trains answers with what closes them', () => {
    expect(trained(TURNS, mask())).toEqual(['b<|im_end|>\n', 'd<|im_end|>\n']);
    expect(trained(TURNS, mask({ mask_history: true }))).toEqual(['d<|im_end|>\n']);
    expect(trained(TURNS, mask({ train_on_prompt: true }))).toHaveLength(1);
  });
  it('refuses options that exclude each other', () => {
    expect(trained(TURNS, mask({ train_on_prompt: true, mask_history: true }))).toContain('mask_history');
    expect(trained(TURNS, mask({ train_on_prompt: true, template: 'gemma2' }))).toContain('efficient_eos');
  });
  it('takes an empty thought of the content for one of its own under enable_thinking: false', () => {
    const row: Row = { messages: [user('a'), assistant('<think>\n\n</think>\n\nb')] };
    const whole = ['<think>\n\n</think>\n\nb<|im_end|>\n'];
    expect(trained(row, mask({ template: 'qwen3' }))).toEqual(whole);
    expect(trained(row, mask({ template: 'qwen3', enable_thinking: null }))).toEqual(whole);
    expect(trained(row, mask({ template: 'qwen3', enable_thinking: false }))).toEqual(['b<|im_end|>\n']);
    expect(trained(row, mask({ template: 'qwen', enable_thinking: false }))).toEqual(whole);
  });
  it('labels the first token of later questions under efficient_eos', () => {
    const gemma = mask({ template: 'gemma2' });
    expect(trained(TURNS, gemma)).toEqual(['b<|im_end|>\n<|im_start|>', 'd<|im_end|>\n']);
    expect(trained(TURNS, { ...gemma, mask_history: true })).toEqual(['<|im_start|>', 'd<|im_end|>\n']);
  });
  it('drops rows whose turns do not alternate, and stops at contents that are no text', () => {
    const openai = mask({ formatting: 'openai' });
    const calls = assistant('', { tool_calls: [{ function: { name: 'f', arguments: {} } }] });
    for (const messages of [[user('a')], [assistant('a'), user('b')], [user('a'), user('b'), assistant('c')], []])
      expect(trained({ messages }, mask())).toContain('alternate');
    expect(trained({ messages: [user('a'), calls, tool, tool, assistant('b')] }, mask())).toContain('alternate');
    expect(trained({ messages: [user('a'), calls, tool, tool, assistant('b')] }, openai)).toHaveLength(2);
    expect(trained({ messages: [{ role: 'developer', content: '' }, user('a'), assistant('b')] }, openai)).toContain(
      'role',
    );
    expect(trained({ messages: [user('a'), { role: 'assistant', content: [] }] }, mask())).toContain('string');
  });
});

describe('ms-swift', () => {
  const mask = (options: Partial<MaskObject> = {}): MaskObject => ({ preset: 'ms-swift', ...options });
  it('trains answers and what ends them', () => {
    expect(trained(TURNS, mask())).toEqual(['b<|im_end|>\n', 'd<|im_end|>\n']);
    expect(trained(TURNS, mask({ loss_scale: 'last_round' }))).toEqual(['d<|im_end|>\n']);
    expect(trained(TURNS, mask({ loss_scale: 'all' })).length).toBe(1);
    expect(trained(TURNS, mask({ loss_scale: 'some' }))).toContain('loss_scale');
  });
  it('obeys loss of a message, whose end it trains all the same where it is the last', () => {
    const flags = (a: boolean, b: boolean): Row => ({
      messages: [user('a'), assistant('b', { loss: a }), user('c'), assistant('d', { loss: b })],
    });
    expect(trained(flags(false, true), mask())).toEqual(['d<|im_end|>\n']);
    expect(trained(flags(true, false), mask())).toEqual(['b<|im_end|>\n', '<|im_end|>\n']);
    expect(trained(flags(true, true), mask({ loss_scale: 'last_round' }))).toHaveLength(2);
    const weights: Row = { messages: [user('a'), assistant('b', { loss_scale: 0 }), user('c'), assistant('d')] };
    expect(trained(weights, mask())).toEqual(['d<|im_end|>\n']);
  });
  it('trains no end of an empty answer but the last', () => {
    const row: Row = { messages: [user('a'), assistant(''), user('c'), assistant('')] };
    expect(trained(row, mask())).toEqual(['<|im_end|>\n']);
  });
  it('leaves out rows that do not pair, or whose template cannot write tools', () => {
    const rows = [
      [user('a'), system, assistant('b')],
      [tool, assistant('b')],
      [user('a'), assistant('b'), tool, user('c')],
    ];
    for (const messages of rows) expect(trained({ messages }, mask())).toContain('assistant');
    const results: Row = { messages: [user('a'), assistant('b'), tool, assistant('c')] };
    expect(trained(results, mask())).toHaveLength(2);
    expect(trained(results, mask({ template: 'chatml' }))).toContain('agent_template');
    expect(trained(results, mask({ template: 'chatml', agent_template: 'hermes' }))).toHaveLength(2);
    const behindUser: Row = { messages: [user('a'), tool, assistant('c')] };
    expect(trained(behindUser, mask({ template: 'qwen3' }))).toHaveLength(1);
    expect(trained(behindUser, mask({ template: 'llama3' }))).toContain('tool message');
  });
});

describe('torchtune', () => {
  const mask: MaskObject = { preset: 'torchtune' };
  it('trains whole messages of the assistant', () => {
    expect(trained(TURNS, mask)).toEqual([
      '<|im_start|>assistant\nb<|im_end|>\n',
      '<|im_start|>assistant\nd<|im_end|>',
    ]);
    expect(trained(TURNS, { ...mask, train_on_input: true })).toHaveLength(1);
  });
  it('stops at tools, at neighbors of one role and at one message', () => {
    expect(trained({ messages: [user('a')] }, mask)).toContain('two messages');
    for (const messages of [
      [user('a'), user('b')],
      [system, assistant('b')],
      [user('a'), assistant('b'), tool, assistant('c')],
    ])
      expect(trained({ messages }, mask)).toContain('torchtune stops');
  });
});
