import { isArray, type Value } from '../jsonl/value.ts';
import type { RowFormat } from './format.ts';
import { chat } from './lib/chat.ts';
import { messageList, tools } from './lib/schemas.ts';
import { turnShape, turnsAt } from './lib/turns.ts';

function sureness(messages: Value | undefined): number {
  if (messages === undefined) return 0;
  if (turnShape(messages) === 'role') return 0.9;
  return isArray(messages) ? 0.6 : 0.3;
}

/** OpenAI messages (`{"messages": [{"role", "content"}], "tools"}`): all trainers. */
export const messages: RowFormat = {
  name: 'messages',
  title: 'OpenAI messages',
  detect: (row) => sureness(row.get('messages')),
  schema: {
    type: 'object',
    required: ['messages'],
    properties: { messages: messageList, tools, chat_template_kwargs: { type: 'object' } },
  },
  toConversations(row) {
    const turns = turnsAt(row.get('messages'), '/messages');
    return turns.length === 0 ? [] : [chat(row, { turns })];
  },
};
