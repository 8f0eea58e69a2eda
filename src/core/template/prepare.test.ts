import { describe, expect, it } from 'vitest';
import type { ChatConversation, Sources } from '../formats/conversation.ts';
import type { Value } from '../jsonl/value.ts';
import { pickTemplate } from './pick-template.ts';
import { prepare } from './prepare.ts';

const conversation = (
  messages: readonly Record<string, Value>[],
  sources: Sources = new Map([['/messages', '/messages']]),
): ChatConversation => ({
  kind: 'chat',
  part: 'row',
  messages: messages.map((m) => new Map(Object.entries(m))),
  tools: null,
  templateArgs: new Map(),
  sources,
  trainFlags: [],
  completionFrom: null,
});

describe('prepare', () => {
  const row = conversation([{ role: 'assistant', content: null, reasoning: 'why' }]);

  it('leaves messages alone before 5.21', () => {
    expect(prepare(row, '4.57')).toBe(row);
    expect(prepare(row, '5.18')).toBe(row);
  });
  it('copies reasoning under its other names from 5.21 on, in their order', () => {
    const [message] = prepare(row, '5.21').messages;
    expect([...message!]).toEqual([
      ['thinking', 'why'],
      ['role', 'assistant'],
      ['content', null],
      ['reasoning', 'why'],
      ['reasoning_content', 'why'],
    ]);
  });
  it('drops None keys from 5.23 on', () => {
    expect(prepare(row, '5.23').messages[0]!.has('content')).toBe(false);
  });
  it('points copies at the field that they come from', () => {
    const { sources } = prepare(row, '5.23');
    expect(sources.get('/messages/0/thinking')).toBe('/messages/0/reasoning');
    expect(sources.get('/messages/0/reasoning_content')).toBe('/messages/0/reasoning');
  });
  it('takes the first reasoning that is not None and keeps a thinking of the message', () => {
    const both = conversation([{ role: 'assistant', thinking: 't', reasoning: 'r', reasoning_content: null }]);
    const [message] = prepare(both, '5.23').messages;
    expect([message!.get('thinking'), message!.get('reasoning_content')]).toEqual(['t', 't']);
  });
});

describe('pickTemplate', () => {
  const both = { default: 'd', tool_use: 't' };
  it('takes tool_use for tools', () => {
    expect(pickTemplate(both, true)).toBe('t');
    expect(pickTemplate(both, false)).toBe('d');
    expect(pickTemplate({ default: 'd' }, true)).toBe('d');
    expect(pickTemplate({}, false)).toBeNull();
  });
});
