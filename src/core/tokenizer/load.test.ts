import { describe, expect, it } from 'vitest';
import type { Tokenizer } from './encoding.ts';
import { TokenizerError } from './errors.ts';
import { createTokenizer } from './load.ts';

const added = (content: string, id: number, flags: Record<string, boolean> = {}) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
  ...flags,
});

/** A tokenizer.json of a few words: "h", "e", "l", "o", "he", "ll", "hell", "hello". */
function small(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  const tokens = ['h', 'e', 'l', 'o', 'he', 'll', 'hell', 'hello', '▁', '<unk>'];
  return {
    added_tokens: [added('<end>', 10)],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    model: {
      type: 'BPE',
      unk_token: '<unk>',
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: ['h e', 'l l', 'he ll', 'hell o'],
    },
    ...overrides,
  };
}

function withModel(changes: Record<string, unknown>): Record<string, unknown> {
  return small({ model: { ...(small()['model'] as object), ...changes } });
}

function spans(tokenizer: Tokenizer, text: string, addSpecialTokens = false): string[] {
  const { ids, starts, ends } = tokenizer.encode(text, { addSpecialTokens });
  return [...ids].map((id, i) => `${id}[${starts[i]},${ends[i]})`);
}

describe('createTokenizer', () => {
  it('merges by rank and keeps UTF-16 spans', () => {
    const tokenizer = createTokenizer('t', small());
    expect(spans(tokenizer, 'hellohel')).toEqual(['7[0,5)', '4[5,7)', '2[7,8)']);
    expect(spans(tokenizer, '😀he<end>')).toEqual(['9[0,2)', '4[2,4)', '10[4,9)']);
    expect(spans(tokenizer, '')).toEqual([]);
  });

  it('gives arrays that later calls leave alone', () => {
    const tokenizer = createTokenizer('t', small());
    const first = tokenizer.encode('hello');
    tokenizer.encode('oooo');
    expect([...first.ids]).toEqual([7]);
  });

  it('adds the template only where it is asked for', () => {
    const template = {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '<end>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      special_tokens: { '<end>': { id: '<end>', ids: [10], tokens: ['<end>'] } },
    };
    const tokenizer = createTokenizer('t', small({ post_processor: template }));
    expect(spans(tokenizer, 'he')).toEqual(['4[0,2)']);
    expect(spans(tokenizer, 'he', true)).toEqual(['10[0,0)', '4[0,2)']);
    expect(spans(tokenizer, '', true)).toEqual(['10[0,0)']);
  });

  it('knows its tokens', () => {
    const tokenizer = createTokenizer('t', small({ decoder: { type: 'Metaspace' } }));
    expect([tokenizer.tokenText(7), tokenizer.tokenText(8), tokenizer.tokenText(10), tokenizer.tokenText(99)]).toEqual([
      'hello',
      ' ',
      '<end>',
      '',
    ]);
    expect(tokenizer.vocabSize).toBe(11);
    expect(tokenizer.addedTokens).toEqual([{ id: 10, content: '<end>', special: true }]);
  });

  it('ignores truncation and padding', () => {
    const limits = { truncation: { max_length: 1 }, padding: { strategy: { Fixed: 9 } } };
    expect(spans(createTokenizer('t', small(limits)), 'hehe')).toHaveLength(2);
  });

  it('takes a lone surrogate for U+FFFD', () => {
    const tokenizer = createTokenizer('t', small());
    expect(spans(tokenizer, 'he\ud83dhe')).toEqual(['4[0,2)', '9[2,3)', '4[3,5)']);
    expect(tokenizer.encode('he\ud83dhe').ids).toEqual(tokenizer.encode('he\ufffdhe').ids);
  });

  it('adds the tokens that transformers adds from the config', () => {
    const config = { eos_token: '<stop>', added_tokens_decoder: { 11: { content: '<x>', normalized: false } } };
    const tokenizer = createTokenizer('t', small(), config);
    expect(spans(tokenizer, '<x><stop>')).toEqual(['11[0,3)', '12[3,9)']);
  });

  it('does long pieces in reasonable time', () => {
    const tokenizer = createTokenizer('t', small());
    const started = performance.now();
    expect(tokenizer.encode('hello'.repeat(100_000)).ids.length).toBe(100_000);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('counts new tokens on from the largest id of an earlier call, else from the vocabulary', () => {
    const tokens = [...Object.keys((small()['model'] as { vocab: object }).vocab), 'gap'];
    const vocab = Object.fromEntries(tokens.map((token, id) => [token, token === 'gap' ? 500 : id]));
    const json = { ...withModel({ vocab }), added_tokens: [added('gap', 500), added('<a>', 11)] };
    const tokenizer = createTokenizer('t', json, { eos_token: '<b>' });
    expect(tokenizer.addedTokens.map(({ id }) => id)).toEqual([500, 11, 501]);
  });

  it('splits special tokens where the config says so', () => {
    const tokenizer = createTokenizer('t', small(), { split_special_tokens: true });
    expect(spans(tokenizer, 'he<end>')).toEqual(['4[0,2)', '9[2,3)', '1[3,4)', '9[4,5)', '9[5,6)', '9[6,7)']);
  });

  it('applies a template that has the text twice, or not at all', () => {
    const text = { Sequence: { id: 'A', type_id: 0 } };
    const template = (single: unknown) => ({ type: 'TemplateProcessing', single, special_tokens: {} });
    expect(spans(createTokenizer('t', small({ post_processor: template([text, text]) })), 'he')).toHaveLength(2);
    expect(spans(createTokenizer('t', small({ post_processor: template([]) })), 'he')).toEqual([]);
  });

  it('fails on an unknown token only when it needs it', () => {
    const tokenizer = createTokenizer('t', withModel({ unk_token: '<none>' }));
    expect(spans(tokenizer, 'he')).toEqual(['4[0,2)']);
    expect(() => tokenizer.encode('hex')).toThrow(
      '"x" has no token, and model.unk_token "<none>" is not in the vocabulary.',
    );
  });

  it('merges nothing where dropout is 1', () => {
    expect(spans(createTokenizer('t', withModel({ dropout: 1 })), 'he')).toEqual(['0[0,1)', '1[1,2)']);
  });
});

describe('a broken tokenizer.json', () => {
  const messageOf = (json: unknown): string => {
    try {
      createTokenizer('t', json);
    } catch (error) {
      expect(error).toBeInstanceOf(TokenizerError);
      return (error as TokenizerError).message;
    }
    return 'no error';
  };

  it('says where and what', () => {
    expect(messageOf(withModel({ merges: ['h e', 'o h'] }))).toBe(
      'model.merges[1]: "o h" joins to a token that is not in the vocabulary.',
    );
    expect(messageOf(withModel({ merges: ['x e'] }))).toBe(
      'model.merges[0]: "x e" uses "x", which is not in the vocabulary.',
    );
    expect(messageOf(withModel({ merges: ['h e l'] }))).toBe(
      'model.merges[0]: "h e l" is not two tokens with a space between.',
    );
    expect(messageOf(withModel({ vocab: { a: 'b' } }))).toBe(
      'model.vocab["a"] must be a token id (a whole number), but is "b".',
    );
    expect(messageOf(withModel({ type: 'Magic' }))).toBe('model.type "Magic" is not known.');
    expect(messageOf({})).toBe('model is missing.');
    expect(messageOf([])).toBe('tokenizer.json must be an object.');
    expect(messageOf(small({ added_tokens: [{ id: 1 }] }))).toBe('added_tokens[0].content must be a string.');
    expect(messageOf(small({ added_tokens: [{ id: 1, content: 'x', special: true }] }))).toBe(
      'added_tokens[0].normalized must be true or false.',
    );
    expect(messageOf(withModel({ dropout: 0.1 }))).toBe(
      'model.dropout is 0.1: the same text gets other tokens each time. Set it to null, as it is when a model is used.',
    );
    expect(messageOf(small({ extra: 1 }))).toBe('tokenizer.json has the key "extra", which tokenizers 0.23 refuses.');
    expect(messageOf(small({ version: '2.0' }))).toBe('version must be "1.0", but is "2.0".');
    expect(messageOf(small({ pre_tokenizer: { type: 'Metaspace', replacement: '▁', add_prefix_space: false } }))).toBe(
      'pre_tokenizer.add_prefix_space is false, but prepend_scheme is "always": tokenizers 0.23 refuses that. Set prepend_scheme to "never".',
    );
    const equal = [added('World', 10, { normalized: true }), added('world', 11, { normalized: true })];
    expect(messageOf(small({ normalizer: { type: 'Lowercase' }, added_tokens: equal }))).toContain('by chance');
    expect(messageOf(small({ pre_tokenizer: { pattern: 1 } }))).toBe('pre_tokenizer.type must be a string.');
  });
});
