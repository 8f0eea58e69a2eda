import { describe, expect, it } from 'vitest';
import type { FormatName } from '../formats/format.ts';
import { formatByName } from '../formats/registry.ts';
import { parseRow } from '../jsonl/parse.ts';
import { schemaFindings } from './findings.ts';
import { toPlain } from './plain.ts';

function findings(format: FormatName, row: unknown, columns: Record<string, string> = {}): string[] {
  const value = parseRow(typeof row === 'string' ? row : JSON.stringify(row)).value;
  if (value === undefined) throw new Error('not a row');
  return schemaFindings(formatByName(format, { columns }), toPlain(value)).map(
    ({ pointer, message }) => `${pointer} ${message}`,
  );
}

const user = { role: 'user', content: 'Q' };
const message = (extra: object): object => ({ messages: [user, { role: 'assistant', content: 'A', ...extra }] });

describe('messages', () => {
  it.each([
    [
      message({ content: 3 }),
      '/messages/1/content `content` of turn 2 must be text or a list of parts. It is the number 3.',
    ],
    [
      message({ content: [{ type: 1 }] }),
      '/messages/1/content/0/type `type` of part 1 of turn 2 must be text. It is the number 1.',
    ],
    [message({ role: null }), '/messages/1/role `role` of turn 2 must be text. It is `null`.'],
    [{ messages: [{ content: 'x' }] }, '/messages/0 `role` is missing in turn 1. Add it.'],
    [{ messages: [{ role: 'user' }] }, '/messages/0 `content` is missing in turn 1. Add it.'],
    [{ messages: [] }, '/messages `messages` is empty. Give it at least one turn.'],
    [{ messages: 'x' }, '/messages `messages` must be a list of turns. It is the text `"x"`.'],
    [{ messages: [user, 'x'] }, '/messages/1 Turn 2 must be an object. It is the text `"x"`.'],
    [{}, ' `messages` is missing. Add it.'],
    [
      message({ tool_calls: {} }),
      '/messages/1/tool_calls `tool_calls` of turn 2 must be a list of calls. It is an object.',
    ],
    [message({ tool_calls: [{}] }), '/messages/1/tool_calls/0 `function` is missing in tool call 1 of turn 2. Add it.'],
    [
      message({ tool_calls: [{ function: { name: 'f', arguments: 1 } }] }),
      '/messages/1/tool_calls/0/function/arguments `arguments` of tool call 1 of turn 2 must be text or an object. It is the number 1.',
    ],
    [
      message({ weight: '0' }),
      '/messages/1/weight `weight` of turn 2 must be a number or `true` or `false`. It is the text `"0"`.',
    ],
    [{ messages: [user], tools: [1] }, '/tools/0 Tool 1 must be an object. It is the number 1.'],
  ])('%j', (row, finding) => {
    expect(findings('messages', row)).toEqual([finding]);
  });

  it.each([
    message({}),
    message({ content: null, tool_calls: [{ id: 'x', type: 'function', function: { name: 'f', arguments: '{}' } }] }),
    message({ content: [{ type: 'text', text: 'A' }], reasoning_content: 'R', weight: 1, name: null, extra: {} }),
    { messages: [user], tools: '[]', parallel_tool_calls: false, images: ['a.png'] },
    '{"messages": [{"role": "user", "content": "Q", "loss_weight": 0.0}], "__proto__": 1}',
  ])('accepts %j', (row) => {
    expect(findings('messages', row)).toEqual([]);
  });
});

describe('other formats', () => {
  it.each<[FormatName, unknown, string[]]>([
    [
      'sharegpt',
      { conversations: [{ from: 'human', value: 1 }] },
      ['/conversations/0/value `value` of turn 1 must be text. It is the number 1.'],
    ],
    ['sharegpt', { conversations: [{ from: 'human' }] }, ['/conversations/0 `value` is missing in turn 1. Add it.']],
    ['sharegpt', { conversations: [{ role: 'user' }] }, ['/conversations/0 `content` is missing in turn 1. Add it.']],
    ['alpaca', { instruction: 'I', output: null }, ['/output `output` must be text. It is `null`.']],
    ['alpaca', { instruction: 'I' }, [' `output` is missing. Add it.']],
    [
      'alpaca',
      { instruction: 'I', output: 'A', history: [['q']] },
      ['/history/0 Pair 1 of `history` has 1 item. Give it 2.'],
    ],
    ['text', { text: null }, ['/text `text` must be text. It is `null`.']],
    ['prompt-completion', { prompt: 'Q' }, [' `completion` is missing. Add it.']],
    ['prompt-completion', { prompt: 'Q', response: 'A' }, []],
    [
      'prompt-completion',
      { prompt: 1, completion: 'A' },
      ['/prompt `prompt` must be text, a list or an object. It is the number 1.'],
    ],
    ['preference', { prompt: 'Q', chosen: 'A' }, [' `rejected` is missing. Add it.']],
    [
      'preference',
      { chosen: [{ role: 'user' }], rejected: 'B' },
      ['/chosen/0 `content` is missing in turn 1 of `chosen`. Add it.'],
    ],
    [
      'kto',
      { prompt: 'Q', completion: 'A', label: 1 },
      ['/label `label` must be `true` or `false`. It is the number 1.'],
    ],
    [
      'tokenized',
      { input_ids: [1, 2.5] },
      ['/input_ids/1 Item 2 of `input_ids` must be a whole number. It is the number 2.5.'],
    ],
    [
      'oasst',
      { prompt: { text: 'Q', role: 'user' } },
      ['/prompt/role `role` of `prompt` must be `prompter` or `assistant`. It is the text `"user"`.'],
    ],
    ['unknown', { a: 1 }, []],
  ])('%s %j', (format, row, wanted) => {
    expect(findings(format, row)).toEqual(wanted);
  });

  it('asks for mapped columns', () => {
    expect(findings('columns', { q: 1 }, { prompt: 'q', completion: 'a', text: '/x/y' })).toEqual([
      ' The column `a` is missing. Add it, or name another one in `columns`.',
    ]);
  });

  it('says no more than 20 things of a row', () => {
    expect(findings('tokenized', { input_ids: Array.from({ length: 100 }, () => 'x') })).toHaveLength(20);
  });
});
