import { describe, expect, it } from 'vitest';
import { bundleOf } from './bundle.ts';
import { chatTemplatesOf } from './chat-templates.ts';
import { specialTokensOf } from './special-tokens.ts';

describe('specialTokensOf', () => {
  it('reads strings and objects, and leaves out what is not set', () => {
    expect(
      specialTokensOf({ bos_token: null, eos_token: { content: '</s>' }, pad_token: '<pad>', add_bos_token: true }),
    ).toEqual({
      eos_token: '</s>',
      pad_token: '<pad>',
    });
  });

  it('reads tokens of the model', () => {
    expect(specialTokensOf({ image_token: '<image>', extra_special_tokens: { boi_token: '<boi>' } })).toEqual({
      image_token: '<image>',
      boi_token: '<boi>',
    });
    expect(specialTokensOf({ extra_special_tokens: ['<a>'] })).toEqual({});
  });

  it('lets special_tokens_map.json win only beside an old config', () => {
    const map = { eos_token: '<map>' };
    expect(specialTokensOf({ eos_token: '<config>' }, map)).toEqual({ eos_token: '<map>' });
    expect(specialTokensOf({ eos_token: '<config>', added_tokens_decoder: {} }, map)).toEqual({
      eos_token: '<config>',
    });
    expect(specialTokensOf(null, map)).toEqual({ eos_token: '<map>' });
  });
});

describe('chatTemplatesOf', () => {
  it('knows one template, named ones and the file', () => {
    expect(chatTemplatesOf({ chat_template: 'A' })).toEqual({ default: 'A' });
    const named = [
      { name: 'default', template: 'A' },
      { name: 'tool_use', template: 'B' },
    ];
    expect(chatTemplatesOf({ chat_template: named })).toEqual({ default: 'A', tool_use: 'B' });
    expect(chatTemplatesOf(null)).toEqual({});
  });

  it('takes the files instead of the config where there is one', () => {
    const named = [{ name: 'tool_use', template: 'B' }];
    expect(chatTemplatesOf({ chat_template: named }, { main: 'C' })).toEqual({ default: 'C' });
    expect(chatTemplatesOf({ chat_template: 'A' }, { additional: { tool_use: 'T' } })).toEqual({ tool_use: 'T' });
    expect(chatTemplatesOf(null, { main: 'C', additional: { tool_use: 'T' } })).toEqual({
      default: 'C',
      tool_use: 'T',
    });
  });

  it("takes a processor's template last", () => {
    const processor = { chat_template: 'P' };
    expect(chatTemplatesOf({ chat_template: 'A' }, { processor })).toEqual({ default: 'A' });
    expect(chatTemplatesOf(null, { main: 'C', processor })).toEqual({ default: 'C' });
    expect(chatTemplatesOf(null, { processor })).toEqual({ default: 'P' });
  });
});

describe('bundleOf', () => {
  const tokenizerJson = JSON.stringify({ model: { type: 'WordLevel', vocab: { a: 0 }, unk_token: 'a' } });

  it('puts a folder together', () => {
    const bundle = bundleOf({ id: 'x', tokenizerJson, tokenizerConfig: '{"eos_token":"<e>","chat_template":"T"}' });
    expect(bundle.specialTokens).toEqual({ eos_token: '<e>' });
    expect(bundle.chatTemplates).toEqual({ default: 'T' });
    expect([...bundle.tokenizer.encode('<e>').ids]).toEqual([1]);
  });

  it('names the file that is no JSON', () => {
    expect(() => bundleOf({ id: 'x', tokenizerJson: '{' })).toThrow(/^tokenizer\.json is not valid JSON: /);
    expect(() => bundleOf({ id: 'x', tokenizerJson, tokenizerConfig: '[]' })).toThrow(
      'tokenizer_config.json must be an object.',
    );
  });
});
