import { describe, expect, it } from 'vitest';
import { parseRow } from '../jsonl/parse.ts';
import { isObject, type Pointer, pointerOf, type Value } from '../jsonl/value.ts';
import type { ChatConversation, Conversation } from './conversation.ts';
import type { FormatName } from './format.ts';
import { FORMATS, formatByName, formatFor, formatOfRow } from './registry.ts';

const AUTO = { format: 'auto', columns: {} } as const;

function read(
  row: unknown,
  columns: Record<string, string> | null = null,
): { format: FormatName; conversations: readonly Conversation[]; locate: (pointer: Pointer) => unknown } {
  const parsed = parseRow(JSON.stringify(row));
  if (!isObject(parsed.value)) throw new Error('not a row');
  const format = columns === null ? formatOfRow(parsed.value) : formatByName('columns', { columns });
  const locate = (pointer: Pointer): unknown => {
    const range = parsed.locate(pointer);
    return range === null ? undefined : (JSON.parse(parsed.text.slice(...range)) as unknown);
  };
  return { format: format.name, conversations: format.toConversations(parsed.value), locate };
}

const plain = (value: Value): unknown =>
  isObject(value)
    ? Object.fromEntries([...value].map(([k, v]) => [k, plain(v)]))
    : Array.isArray(value)
      ? value.map(plain)
      : value;

/** Each message as `role: content`, then its other keys. */
const told = (conversation: Conversation | undefined): string[] =>
  conversation?.kind === 'chat'
    ? conversation.messages.map((message) => {
        const { role, content, ...rest } = plain(message) as Record<string, unknown>;
        const more = Object.keys(rest).length === 0 ? '' : ` ${JSON.stringify(rest)}`;
        return `${String(role)}: ${typeof content === 'string' ? content : JSON.stringify(content)}${more}`;
      })
    : [];

const chats = (row: unknown): ChatConversation[] =>
  read(row).conversations.filter((conversation) => conversation.kind === 'chat');

/** Every source leads to a value of the row that is the message's own. */
function checkSources(row: unknown, columns: Record<string, string> | null = null): void {
  const { conversations, locate } = read(row, columns);
  for (const conversation of conversations) {
    const pieces = conversation.kind === 'text' ? conversation.segments.flatMap((segment) => segment.pieces) : [];
    if (conversation.kind === 'chat') {
      conversation.messages.forEach((message, index) => {
        const whole = conversation.sources.get(pointerOf('/messages', index));
        for (const [key, value] of message) {
          const source = conversation.sources.get(pointerOf(pointerOf('/messages', index), key));
          const from = source ?? (typeof whole === 'string' ? pointerOf(whole, key) : undefined);
          // What the format made up: a role's name, the empty text of a call.
          if (from === undefined) expect(key === 'role' || value === '').toBe(true);
          else if (typeof from === 'string') expect(locate(from)).toEqual(plain(value));
          else {
            if (typeof value === 'string') expect(from.map((piece) => piece.text).join('')).toBe(value);
            pieces.push(...from);
          }
        }
      });
    }
    for (const piece of pieces) {
      if (piece.pointer === null) continue;
      const text = locate(piece.pointer);
      expect(
        typeof text === 'string' ? text.slice(piece.offset ?? 0, (piece.offset ?? 0) + piece.text.length) : text,
      ).toBe(piece.text);
    }
  }
}

const user = { role: 'user', content: 'Q' };
const assistant = { role: 'assistant', content: 'A' };
const call = { name: 'f', arguments: { x: 1 } };

/** Format, row, and what becomes of it: one line a message, a conversation after the other. */
const CASES: readonly (readonly [
  name: string,
  format: FormatName,
  row: unknown,
  told: readonly (readonly string[])[],
])[] = [
  ['messages', 'messages', { messages: [user, assistant] }, [['user: Q', 'assistant: A']]],
  [
    'messages with what is no message between',
    'messages',
    { messages: [user, 3, null, assistant] },
    [['user: Q', 'assistant: A']],
  ],
  [
    'messages keep a role that is not theirs',
    'messages',
    { messages: [{ role: 'human', content: 'Q' }] },
    [['human: Q']],
  ],
  [
    'messages with thoughts and calls',
    'messages',
    {
      messages: [
        user,
        {
          role: 'assistant',
          content: null,
          reasoning_content: 'R',
          tool_calls: [{ type: 'function', function: call }],
        },
      ],
    },
    [
      [
        'user: Q',
        `assistant: null {"reasoning_content":"R","tool_calls":[{"type":"function","function":{"name":"f","arguments":{"x":1}}}]}`,
      ],
    ],
  ],
  [
    'parts of type and value',
    'messages',
    {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', value: 'a' },
            { type: 'text', value: 'b' },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', value: 'R' },
            { type: 'text', value: 'A' },
            { type: 'tool_call', value: '{"name": "f", "arguments": {}}' },
          ],
          loss_weight: 0,
        },
      ],
    },
    [
      [
        'user: ab',
        'assistant: A {"loss_weight":0,"reasoning_content":"R","tool_calls":[{"type":"function","function":{"name":"f","arguments":{}}}]}',
      ],
    ],
  ],
  [
    'sharegpt',
    'sharegpt',
    {
      system: 'S',
      conversations: [
        { from: 'human', value: 'Q' },
        { from: 'gpt', value: 'A', weight: 0 },
      ],
    },
    [['system: S', 'user: Q', 'assistant: A {"weight":0}']],
  ],
  [
    'sharegpt with tools',
    'sharegpt',
    {
      conversations: [
        { from: 'human', value: 'Q' },
        { from: 'function_call', value: '{"name": "f", "arguments": {"x": 1}}' },
        { from: 'observation', value: 'O' },
        { from: 'gpt', value: 'A' },
      ],
    },
    [
      [
        'user: Q',
        'assistant:  {"tool_calls":[{"type":"function","function":{"name":"f","arguments":{"x":1}}}]}',
        'tool: O',
        'assistant: A',
      ],
    ],
  ],
  [
    'a call that cannot be read stays text',
    'sharegpt',
    { conversations: [{ from: 'function_call', value: 'f(1)' }] },
    [['assistant: f(1)']],
  ],
  [
    'conversations of role and content',
    'sharegpt',
    { conversations: [{ role: 'human', content: 'Q' }, assistant] },
    [['user: Q', 'assistant: A']],
  ],
  ['alpaca', 'alpaca', { instruction: 'I', input: 'in', output: 'A' }, [['user: I\nin', 'assistant: A']]],
  [
    'alpaca without input',
    'alpaca',
    { instruction: 'I', input: '', output: 'A', text: 'all' },
    [['user: I', 'assistant: A']],
  ],
  [
    'alpaca with history',
    'alpaca',
    { instruction: 'I', output: 'A', system: 'S', history: [['q', 'a']] },
    [['system: S', 'user: q', 'assistant: a', 'user: I', 'assistant: A']],
  ],
  [
    'dolly',
    'dolly',
    { instruction: 'I', context: 'C', response: 'A', category: 'x' },
    [['user: I\nC', 'assistant: A']],
  ],
  ['flan', 'flan', { inputs: 'Q', targets: 'A' }, [['user: Q', 'assistant: A']]],
  [
    'prompt and completion as messages',
    'prompt-completion',
    { prompt: [user], completion: [assistant] },
    [['user: Q', 'assistant: A']],
  ],
  [
    'preference with a prompt',
    'preference',
    { prompt: [user], chosen: [assistant], rejected: [{ ...assistant, content: 'B' }] },
    [
      ['user: Q', 'assistant: A'],
      ['user: Q', 'assistant: B'],
    ],
  ],
  [
    'preference with a shared prompt',
    'preference',
    { chosen: [user, assistant], rejected: [user, { ...assistant, content: 'B' }] },
    [
      ['user: Q', 'assistant: A'],
      ['user: Q', 'assistant: B'],
    ],
  ],
  [
    'preference with the prompt twice',
    'preference',
    { prompt: 'Q', chosen: [user, assistant], rejected: [user, { ...assistant, content: 'B' }] },
    [
      ['user: Q', 'assistant: A'],
      ['user: Q', 'assistant: B'],
    ],
  ],
  [
    'preference after turns',
    'preference',
    {
      conversations: [{ from: 'human', value: 'Q' }],
      chosen: { from: 'gpt', value: 'A' },
      rejected: { from: 'gpt', value: 'B' },
    },
    [
      ['user: Q', 'assistant: A'],
      ['user: Q', 'assistant: B'],
    ],
  ],
  [
    'preference after Alpaca',
    'preference',
    { instruction: 'I', input: 'in', chosen: 'A', rejected: 'B' },
    [
      ['user: I\nin', 'assistant: A'],
      ['user: I\nin', 'assistant: B'],
    ],
  ],
  [
    'preference of OpenAI',
    'preference',
    {
      input: { messages: [user], tools: [] },
      preferred_output: [assistant],
      non_preferred_output: [{ ...assistant, content: 'B' }],
    },
    [
      ['user: Q', 'assistant: A'],
      ['user: Q', 'assistant: B'],
    ],
  ],
  [
    'preference of ms-swift',
    'preference',
    { messages: [user, assistant], rejected_response: 'B' },
    [
      ['user: Q', 'assistant: A'],
      ['user: Q', 'assistant: B'],
    ],
  ],
  [
    'preference of two outputs',
    'preference',
    { instruction: 'I', input: '', output: ['A', 'B', 'C'] },
    [
      ['user: I', 'assistant: A'],
      ['user: I', 'assistant: B'],
    ],
  ],
  [
    'preference of two conversations',
    'preference',
    { chosen_messages: [user, assistant], rejected_messages: [user, { ...assistant, content: 'B' }] },
    [
      ['user: Q', 'assistant: A'],
      ['user: Q', 'assistant: B'],
    ],
  ],
  ['kto', 'kto', { messages: [user, assistant], label: true }, [['user: Q', 'assistant: A']]],
  ['kto on Alpaca', 'kto', { instruction: 'I', input: '', output: 'A', kto_tag: false }, [['user: I', 'assistant: A']]],
  [
    'oasst tree',
    'oasst',
    {
      message_tree_id: 't',
      prompt: {
        role: 'prompter',
        text: 'Q',
        replies: [
          { role: 'assistant', text: 'second', rank: 1, replies: [] },
          { role: 'assistant', text: 'deleted', rank: 0, deleted: true },
          {
            role: 'assistant',
            text: 'A',
            rank: 0.5,
            replies: [
              { role: 'prompter', text: 'more', replies: [{ role: 'assistant', text: 'bad', review_result: false }] },
            ],
          },
          { role: 'assistant', text: 'none', rank: null },
        ],
      },
    },
    [['user: Q', 'assistant: A']],
  ],
  [
    'oasst thread',
    'oasst',
    {
      thread: [
        { role: 'prompter', text: 'Q' },
        { role: 'assistant', text: 'A' },
      ],
    },
    [['user: Q', 'assistant: A']],
  ],
  [
    'oasst message with replies',
    'oasst',
    { role: 'prompter', text: 'Q', parent_id: null, replies: [{ role: 'assistant', text: 'A' }] },
    [['user: Q', 'assistant: A']],
  ],
  ['oasst message alone', 'oasst', { role: 'prompter', text: 'Q', parent_id: null, message_id: 'm' }, []],
  ['prompt alone', 'unknown', { prompt: 'Q' }, []],
  ['prompt with several graded steps', 'unknown', { prompt: 'Q', completions: ['a'], labels: [true] }, []],
  ['a request to a model', 'unknown', { model: 'm', input: 'x', metadata: {} }, []],
  ['labelled text', 'unknown', { text: 'x', label: 'y' }, []],
];

describe('conversations', () => {
  it.each(CASES)('%s', (_, format, row, wanted) => {
    const result = read(row);
    expect(result.format).toBe(format);
    expect(result.conversations.map(told)).toEqual(wanted);
    checkSources(row);
  });

  it('puts strings of prompt and completion together without a template', () => {
    const row = { prompt: 'Q', completion: 'A' };
    expect(read(row)).toMatchObject({
      format: 'prompt-completion',
      conversations: [
        {
          kind: 'text',
          segments: [
            { role: 'prompt', pieces: [{ pointer: '/prompt', text: 'Q' }] },
            { role: 'completion', pieces: [{ pointer: '/completion', text: 'A' }] },
          ],
        },
      ],
    });
    expect(read({ prompt: 'Q', response: 'A' }).format).toBe('prompt-completion');
    expect(read({ text: 'x', id: 1 }).conversations).toMatchObject([{ kind: 'text', segments: [{ role: 'text' }] }]);
  });

  it('cuts the prompt off two texts that share it, with the space before the difference', () => {
    const row = { chosen: 'Human: Q Assistant: yes', rejected: 'Human: Q Assistant: no' };
    const [chosen, rejected] = read(row).conversations;
    expect(chosen).toMatchObject({
      part: 'chosen',
      segments: [{ pieces: [{ text: 'Human: Q Assistant:' }] }, { pieces: [{ text: ' yes', offset: 19 }] }],
    });
    expect(rejected).toMatchObject({
      part: 'rejected',
      segments: [{}, { pieces: [{ text: ' no', pointer: '/rejected' }] }],
    });
    checkSources(row);
  });

  it('says where the completion begins', () => {
    const from = (row: unknown): (number | null)[] => chats(row).map((chat) => chat.completionFrom);
    expect(from({ messages: [user, assistant] })).toEqual([null]);
    expect(from({ prompt: [user, assistant, user], completion: [assistant] })).toEqual([3]);
    expect(from({ chosen: [user, assistant], rejected: [user, { ...assistant, content: 'B' }] })).toEqual([1, 1]);
    expect(from({ prompt: 'Q', chosen: [assistant], rejected: [assistant] })).toEqual([1, 1]);
  });

  it('reads a flag of a turn by any of its names', () => {
    const flags = (extra: object): unknown => chats({ messages: [user, { ...assistant, ...extra }] })[0]?.trainFlags;
    expect(flags({})).toEqual([undefined, undefined]);
    expect(flags({ weight: 0 })).toEqual([undefined, false]);
    expect(flags({ weight: 1 })).toEqual([undefined, true]);
    for (const key of ['train', 'training', 'trainable', 'loss']) {
      expect(flags({ [key]: false })).toEqual([undefined, false]);
      expect(flags({ [key]: null })).toEqual([undefined, undefined]);
    }
    expect(chats({ conversations: [{ from: 'gpt', value: 'A', weight: 0 }] })[0]?.trainFlags).toEqual([false]);
    const parsed = parseRow('{"messages": [{"role": "assistant", "content": "A", "loss_weight": 0.0}]}').value;
    expect(isObject(parsed) && formatOfRow(parsed).toConversations(parsed)).toMatchObject([{ trainFlags: [false] }]);
  });

  it('reads tools as a list or as that list in a string', () => {
    const tools = [{ type: 'function', function: { name: 'f' } }];
    const given = (value: unknown): unknown => {
      const chat = chats({ messages: [user], tools: value })[0];
      return [chat === undefined ? null : plain(chat.tools), chat?.sources.get('/tools')];
    };
    expect(given(tools)).toEqual([tools, '/tools']);
    expect(given(JSON.stringify(tools))).toEqual([tools, [{ pointer: '/tools', text: JSON.stringify(tools) }]]);
    for (const none of ['', null, 'x', 3]) expect(given(none)).toEqual([null, undefined]);
  });

  it('hands the arguments of the template on', () => {
    const chat = chats({ messages: [user], chat_template_kwargs: { enable_thinking: false } })[0];
    expect([...(chat?.templateArgs ?? [])]).toEqual([['enable_thinking', false]]);
  });

  it('reads tokens, with labels or masks', () => {
    expect(read({ input_ids: [1, 2], labels: [-100, 2], attention_mask: [1, 1] })).toMatchObject({
      format: 'tokenized',
      conversations: [{ kind: 'tokens', ids: [1, 2], labels: [-100, 2] }],
    });
    expect(
      read({ input_ids: [1, 2, 3], assistant_masks: [0, 1, 1], completion_mask: [1, 1, 0] }).conversations,
    ).toMatchObject([{ labels: [-100, 2, -100] }]);
    expect(read({ input_ids: [1] }).conversations).toMatchObject([{ labels: null }]);
    expect(read({ input_ids: ['a'] }).conversations).toEqual([]);
  });
});

describe('columns', () => {
  it('maps other shapes, with pointers into the row', () => {
    const row = { question: 'Q', 'a/b': { sql: 'A' }, extra: 1 };
    const columns = { prompt: 'question', completion: 'a/b.sql' };
    expect(read(row, columns)).toMatchObject({
      format: 'columns',
      conversations: [
        {
          kind: 'text',
          segments: [
            { role: 'prompt', pieces: [{ pointer: '/question', text: 'Q' }] },
            { role: 'completion', pieces: [{ pointer: '/a~1b/sql', text: 'A' }] },
          ],
        },
      ],
    });
    expect(read(row, { prompt: 'question', completion: '/a~1b/sql' }).conversations).toEqual(
      read(row, columns).conversations,
    );
    expect(read(row, { prompt: 'no', completion: 'none.of.it' }).conversations).toEqual([]);
    const chat = { traj: [user, assistant] };
    expect(read(chat, { messages: 'traj' }).conversations.map(told)).toEqual([['user: Q', 'assistant: A']]);
    checkSources(chat, { messages: 'traj' });
    checkSources({ q: 'I', c: 'in', a: 'A' }, { instruction: 'q', input: 'c', output: 'a' });
  });
});

describe('registry', () => {
  it('reads a row as its file where that can be, else as itself', () => {
    const row = parseRow('{"messages": []}').value;
    const other = parseRow('{"label": 1}').value;
    if (!isObject(row) || !isObject(other)) throw new Error('not rows');
    expect(formatFor(row, 'messages', AUTO)?.name).toBe('messages');
    expect(formatFor(row, 'alpaca', AUTO)?.name).toBe('messages');
    expect(formatFor(other, 'text', AUTO)?.name).toBe('text');
    const mistaken = parseRow('{"prompt": "Q", "completion": "A", "label": 1}').value;
    if (!isObject(mistaken)) throw new Error('not a row');
    expect(formatFor(mistaken, 'kto', AUTO)?.name).toBe('kto');
    expect(formatFor(mistaken, 'prompt-completion', AUTO)?.name).toBe('prompt-completion');
    expect(formatFor(other, 'unknown', AUTO)).toBeNull();
    expect(formatFor(other, 'messages', { ...AUTO, format: 'sharegpt' })?.name).toBe('sharegpt');
  });

  it('never throws on any value at any key', () => {
    const values = [
      'null',
      '1',
      '1.5',
      '"x"',
      '[]',
      '{}',
      '[1]',
      '[null, {}]',
      '[{"role": 1, "content": {}}]',
      '[{"from": [], "value": 1}]',
      '{"from": 1}',
      '[["a"], 1]',
      '{"messages": 3, "text": 1, "role": 2}',
    ];
    const keys = [
      'messages',
      'conversations',
      'instruction',
      'input',
      'output',
      'response',
      'history',
      'system',
      'tools',
      'prompt',
      'completion',
      'chosen',
      'rejected',
      'inputs',
      'targets',
      'label',
      'thread',
      'replies',
      'text',
      'role',
      'parent_id',
      'input_ids',
      'labels',
      'preferred_output',
      'non_preferred_output',
      'chosen_messages',
      'rejected_messages',
      'rejected_response',
      'chat_template_kwargs',
    ];
    let turn = 0;
    for (const value of values) {
      for (const key of keys) {
        for (const second of keys) {
          const row = parseRow(
            `{"${key}": ${value}, "${second}": ${values[turn++ % values.length]}, "output": "x"}`,
          ).value;
          if (!isObject(row)) throw new Error('not a row');
          for (const format of FORMATS) format.toConversations(row);
        }
      }
    }
  });
});
