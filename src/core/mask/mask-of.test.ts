import { describe, expect, it } from 'vitest';
import { parsePlain } from '../jsonl/plain.ts';
import { isObject } from '../jsonl/value.ts';
import { assistant, CHATML, MARKED, show, user, wordTokenizer } from './fixtures.ts';
import { maskOf } from './mask-of.ts';
import type { MaskInput } from './mask-result.ts';
import { REASONS } from './policy.ts';

const TWO_TURNS = { messages: [user('hi'), assistant('one'), user('on'), assistant('two')] };
const CALL = {
  messages: [
    user('find tea'),
    assistant('looking', { tool_calls: [{ function: { name: 'find', arguments: { word: 'tea' } } }] }),
    { role: 'tool', content: 'found' },
    assistant('tea'),
  ],
};
const THOUGHT = { messages: [user('sum'), assistant('two', { reasoning_content: 'one plus one' })] };

describe('a template without generation blocks', () => {
  it('trains what the model writes through the end of turn, and says why', () => {
    const { runs, mask } = show(CHATML, TWO_TURNS, 'trl-assistant');
    expect(mask.from).toBe('derived');
    expect(runs).toEqual([
      [0, 'masked-role', '<|im_start|>user\nhi<|im_end|>\n'],
      [1, 'masked-header', '<|im_start|>assistant\n'],
      [1, 'assistant-content', 'one'],
      [1, 'end-of-turn', '<|im_end|>'],
      [1, 'masked-after-end-of-turn', '\n'],
      [2, 'masked-role', '<|im_start|>user\non<|im_end|>\n'],
      [3, 'masked-header', '<|im_start|>assistant\n'],
      [3, 'assistant-content', 'two'],
      [3, 'end-of-turn', '<|im_end|>'],
      [3, 'masked-after-end-of-turn', '\n'],
    ]);
  });

  it.each([
    [{ turns: 'last' } as const, ['two<|im_end|>']],
    [{ endOfTurn: 'none' } as const, ['one', 'two']],
    [{ endOfTurn: 'last' } as const, ['one', 'two<|im_end|>']],
    [{ afterEndOfTurn: true } as const, ['one<|im_end|>\n', 'two<|im_end|>\n']],
    [{ header: true } as const, ['<|im_start|>assistant\none<|im_end|>', '<|im_start|>assistant\ntwo<|im_end|>']],
    [{ scope: 'everything' } as const, [show(CHATML, TWO_TURNS, 'full').text]],
    [{ roles: ['user', 'assistant'] } as const, ['hi<|im_end|>', 'one<|im_end|>', 'on<|im_end|>', 'two<|im_end|>']],
  ])('obeys %j', (policy, trained) => {
    expect(show(CHATML, TWO_TURNS, policy).trained).toEqual(trained);
  });

  it('names the reason of a turn that is left out', () => {
    const reasons = show(CHATML, { ...TWO_TURNS, flags: [undefined, false] }, 'openai');
    expect(reasons.trained).toEqual(['two<|im_end|>']);
    expect(reasons.runs).toContainEqual([1, 'weight-0', 'one<|im_end|>\n']);
    expect(show(CHATML, TWO_TURNS, { turns: 'last' }).runs).toContainEqual([1, 'earlier-turn', 'one<|im_end|>\n']);
    expect(show(CHATML, { ...TWO_TURNS, flags: [undefined, false] }, 'trl-assistant').trained).toHaveLength(2);
  });

  it('tells thoughts and calls from the answer', () => {
    expect(show(CHATML, THOUGHT, 'trl-assistant').runs.slice(2, 5)).toEqual([
      [1, 'assistant-reasoning', '<think>\none plus one\n</think>\n\n'],
      [1, 'assistant-content', 'two'],
      [1, 'end-of-turn', '<|im_end|>'],
    ]);
    expect(show(CHATML, THOUGHT, { thinking: 'mask' }).trained).toEqual(['two<|im_end|>']);
    const [first] = show(CHATML, CALL, 'trl-assistant').trained;
    expect(first).toBe('looking\n<tool_call>\n{"name": "find", "arguments": {"word": "tea"}}\n</tool_call><|im_end|>');
    const without = show(CHATML, CALL, { toolCalls: false });
    expect(without.trained).toEqual(['looking', '<|im_end|>', 'tea<|im_end|>']);
    expect(without.runs.map(([, reason]) => reason)).toContain('masked-tool-call');
  });

  it('masks only empty thoughts with mask-empty', () => {
    const empty = { messages: [user('sum'), assistant('<think>\n\n</think>\n\ntwo')] };
    expect(show(CHATML, empty, 'trl-assistant').runs).toContainEqual([1, 'empty-think', '<think>\n\n</think>\n\n']);
    expect(show(CHATML, empty, { thinking: 'mask-empty' }).trained).toEqual(['two<|im_end|>']);
    expect(show(CHATML, THOUGHT, { thinking: 'mask-empty' }).trained[0]).toContain('one plus one');
  });

  it('does not take a mentioned tag for a thought', () => {
    const mentioned = { messages: [user('tag'), assistant('the <think> tag')] };
    expect(show(CHATML, mentioned, { thinking: 'mask' }).trained).toEqual(['the <think> tag<|im_end|>']);
  });

  it('trains nothing where generation blocks are required', () => {
    const { trained, runs } = show(CHATML, TWO_TURNS, { markers: 'require' });
    expect(trained).toEqual([]);
    expect(runs).toContainEqual([1, 'outside-generation', expect.stringContaining('one')]);
  });
});

describe('a template with generation blocks', () => {
  it('trains what they hold, an empty think block with a reason of its own', () => {
    const { runs, mask } = show(MARKED, { messages: [user('hi'), assistant('one')] }, 'trl-assistant');
    expect(mask.from).toBe('markers');
    expect(mask.intended).toBeNull();
    expect(runs).toEqual([
      [0, 'masked-role', '<|im_start|>user\nhi<|im_end|>\n'],
      [1, 'masked-header', '<|im_start|>assistant\n'],
      [1, 'empty-think', '<think>\n\n</think>\n\n'],
      [1, 'assistant-content', 'one'],
      [1, 'end-of-turn', '<|im_end|>'],
      [1, 'masked-after-end-of-turn', '\n'],
    ]);
  });

  it('takes turns where a policy asks for more than the blocks say', () => {
    const row = { messages: [user('hi'), assistant('one')] };
    const { mask, trained } = show(MARKED, row, { thinking: 'mask-empty' });
    expect(mask.from).toBe('derived');
    expect(trained).toEqual(['one<|im_end|>']);
    expect(show(MARKED, row, { markers: 'ignore' }).mask.from).toBe('derived');
  });
});

describe('axolotl 0.19', () => {
  it('masks the line break and inserted empty thoughts, trains the first EOS behind a turn', () => {
    expect(show(CHATML, TWO_TURNS, 'axolotl').trained).toEqual(['one<|im_end|>', 'two<|im_end|>']);
    expect(show(MARKED, TWO_TURNS, 'axolotl').trained).toEqual(['one<|im_end|>', 'two<|im_end|>']);
  });
  it('does not train the end of an empty answer', () => {
    expect(show(CHATML, { messages: [user('a longer question'), assistant('')] }, 'axolotl').trained).toEqual([]);
  });
  it('obeys train flags both ways, in the field that is told', () => {
    const [ask, answer, ...others] = TWO_TURNS.messages;
    const messages = [{ ...ask, train: true }, { ...answer, train: false }, ...others];
    const told = { preset: 'axolotl', message_field_training: 'train' } as const;
    expect(show(CHATML, { messages }, told).trained).toEqual(['hi<|im_end|>', 'two<|im_end|>']);
    expect(show(CHATML, { messages }, 'axolotl').trained).toEqual(['one<|im_end|>', 'two<|im_end|>']);
  });
});

describe('prompt and completion', () => {
  const row = { messages: [user('hi'), assistant('one')], completionFrom: 1 };
  it('masks the prompt, rendered with generation prompt', () => {
    for (const preset of ['trl-completion', 'trl-default'] as const)
      expect(show(CHATML, row, preset).runs.map(([, reason, text]) => [reason, text])).toEqual([
        ['prompt', '<|im_start|>user\nhi<|im_end|>\n'],
        ['prompt', '<|im_start|>assistant\n'],
        ['completion', 'one<|im_end|>\n'],
      ]);
  });
  it('trains everything of rows that have no completion', () => {
    expect(show(CHATML, TWO_TURNS, 'trl-completion').trained).toEqual([show(CHATML, TWO_TURNS, 'full').text]);
  });
  it('masks the prompt’s assistant turns, too, unless TRL is told not to', () => {
    const rows = { ...TWO_TURNS, completionFrom: 3 };
    const both = show(CHATML, rows, 'trl-assistant');
    expect(both.trained).toEqual(['two<|im_end|>']);
    expect(both.runs).toContainEqual([1, 'prompt', 'one<|im_end|>']);
    expect(both.mask.spans).toHaveLength(1);
    expect(show(CHATML, rows, { preset: 'trl-completion', assistant_only_loss: true }).trained).toEqual(both.trained);
    const whole = { preset: 'trl-assistant', completion_only_loss: false } as const;
    expect(show(CHATML, rows, whole).trained).toEqual(['one<|im_end|>', 'two<|im_end|>']);
    expect(show(CHATML, rows, { preset: 'trl-default', completion_only_loss: false }).mask.trained).not.toContain(0);
  });
  it('says why TRL stops at a row without an assistant token', () => {
    const asked = { messages: [user('hi')] };
    expect(show(CHATML, asked, 'trl-assistant').mask.refused).toMatch(/^TRL stops at a row without a trained token/);
    expect(show(CHATML, asked, 'trl-default').mask.refused).toBeNull();
    expect(show(CHATML, asked, 'axolotl').mask.refused).toBeNull();
  });
});

describe('preference rows', () => {
  it('trains the chosen answer and never the rejected one', () => {
    const row = { messages: [user('hi'), assistant('one')], completionFrom: 1 };
    expect(show(CHATML, { ...row, part: 'chosen' }, 'trl-assistant').runs).toContainEqual([
      1,
      'chosen-answer',
      'one<|im_end|>',
    ]);
    const rejected = show(CHATML, { ...row, part: 'rejected' }, 'trl-assistant');
    expect(rejected.trained).toEqual([]);
    expect(rejected.runs).toContainEqual([1, 'rejected-answer', 'one<|im_end|>\n']);
  });
});

it('leaves the mask whole and says where max length cuts', () => {
  const { mask, runs } = show(CHATML, TWO_TURNS, 'trl-assistant', 8);
  expect(mask.trained.slice(8)).toContain(1);
  expect(runs.filter(([, reason]) => reason === 'after-max-length').length).toBeGreaterThan(0);
  expect([...mask.reasons.slice(0, 8)].map((r) => REASONS[r])).not.toContain('after-max-length');
});

describe('rows without a template', () => {
  const input = (conversation: MaskInput['conversation'], text: string, spec: MaskInput['spec']): MaskInput => {
    const tokenizer = wordTokenizer();
    return {
      conversation,
      template: null,
      context: null,
      rendering: { text, segments: [], anchors: [], generation: null },
      encoding: tokenizer.encode(text),
      tokenizer,
      specialTokens: {},
      spec,
      maxLength: 100,
    };
  };
  const piece = (text: string): { pointer: null; text: string } => ({ pointer: null, text });

  it('trains a completion behind the common token prefix, so a token merged over the boundary too', () => {
    const conversation: MaskInput['conversation'] = {
      kind: 'text',
      part: 'row',
      segments: [
        { role: 'prompt', pieces: [piece('see the sk')] },
        { role: 'completion', pieces: [piece('y fall')] },
      ],
    };
    for (const preset of ['trl-completion', 'trl-default', 'trl-assistant'] as const) {
      const { trained, turns } = maskOf(input(conversation, 'see the sky fall', preset));
      expect([...trained]).toEqual([0, 0, 1, 1]);
      expect([...turns]).toEqual([0, 0, 0, 1]);
    }
    expect([...maskOf(input(conversation, 'see the sky fall', 'full')).trained]).toEqual([1, 1, 1, 1]);
  });

  it('trains plain text as a whole', () => {
    const text: MaskInput['conversation'] = {
      kind: 'text',
      part: 'row',
      segments: [{ role: 'text', pieces: [piece('a b')] }],
    };
    expect([...maskOf(input(text, 'a b', 'trl-assistant')).trained]).toEqual([1, 1]);
  });

  it('takes labels as they are', () => {
    const tokens: MaskInput['conversation'] = { kind: 'tokens', part: 'row', ids: [5, 6, 7], labels: [-100, 6, 0] };
    const { trained, reasons } = maskOf(input(tokens, 'abc', 'trl-assistant'));
    expect([...trained]).toEqual([0, 1, 1]);
    expect([...reasons].map((r) => REASONS[r])).toEqual(['masked-label', 'label', 'label']);
  });
});

it('refuses a chat without its template', () => {
  const messages = [parsePlain(user('hi'))].filter(isObject);
  const chat = {
    conversation: {
      kind: 'chat' as const,
      part: 'row' as const,
      messages,
      tools: null,
      templateArgs: new Map(),
      sources: new Map(),
      trainFlags: [],
      completionFrom: null,
    },
    template: null,
    context: null,
    rendering: { text: '', segments: [], anchors: [], generation: null },
    encoding: wordTokenizer().encode(''),
    tokenizer: wordTokenizer(),
    specialTokens: {},
    spec: 'full' as const,
    maxLength: 1,
  };
  expect(() => maskOf(chat)).toThrow(TypeError);
});
