import { isArray } from '../jsonl/value.ts';
import type { RowFormat } from './format.ts';
import { chat, type RowObject, type Turn, textAt, turnOf } from './lib/chat.ts';
import { textOrNull, tools, turnOrMessage } from './lib/schemas.ts';
import { turnShape, turnsAt } from './lib/turns.ts';

/** A row's own `system`, unless the turns begin with one (LLaMA-Factory 0.9: the turn wins). */
export function withSystem(row: RowObject, turns: Turn[]): Turn[] {
  const system = textAt(row, 'system');
  if (system === null || system === '' || turns[0]?.message.get('role') === 'system') return turns;
  return [turnOf('system', '/system', system), ...turns];
}

/**
 * ShareGPT (`{"conversations": [{"from", "value"}], "system", "tools"}`) with its role names in the template's words: axolotl,
 * LLaMA-Factory, Unsloth. `conversations` of `role` and `content` is the same format, as axolotl and ms-swift read it.
 */
export const sharegpt: RowFormat = {
  name: 'sharegpt',
  title: 'ShareGPT',
  detect(row) {
    const turns = row.get('conversations');
    if (turns === undefined) return 0;
    if (turnShape(turns) !== null) return 0.9;
    return isArray(turns) ? 0.6 : 0.3;
  },
  schema: {
    type: 'object',
    required: ['conversations'],
    properties: {
      conversations: {
        type: 'array',
        minItems: 1,
        items: turnOrMessage,
      },
      system: textOrNull,
      tools,
    },
  },
  toConversations(row) {
    const turns = withSystem(row, turnsAt(row.get('conversations'), '/conversations', 'aliases'));
    return turns.length === 0 ? [] : [chat(row, { turns })];
  },
};
