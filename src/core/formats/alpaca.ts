import { isArray, pointerOf } from '../jsonl/value.ts';
import type { RowFormat } from './format.ts';
import { chat, joined, type RowObject, type Turn, textAt, turnOf } from './lib/chat.ts';
import { textOrNull } from './lib/schemas.ts';

/** System, history, then what the row asks: for every format that has Alpaca's prompt columns. */
export function alpacaPrompt(row: RowObject): Turn[] {
  const turns: Turn[] = [];
  const system = textAt(row, 'system');
  if (system !== null && system !== '') turns.push(turnOf('system', '/system', system));
  const history = row.get('history');
  if (isArray(history)) {
    history.forEach((pair, index) => {
      if (!isArray(pair)) return;
      const [question, answer] = pair;
      const pointer = pointerOf('/history', index);
      if (typeof question === 'string') turns.push(turnOf('user', pointerOf(pointer, 0), question));
      if (typeof answer === 'string') turns.push(turnOf('assistant', pointerOf(pointer, 1), answer));
    });
  }
  const asked = joined(row, ['instruction', 'input']);
  if (asked !== null) turns.push(turnOf('user', asked.source, asked.text));
  return turns;
}

/**
 * Alpaca (`instruction`, `input`, `output`) with LLaMA-Factory's `system` and `history`. The user's turn is the instruction,
 * a line break and the input, as in LLaMA-Factory 0.9 (an empty one and its line break are left out).
 */
export const alpaca: RowFormat = {
  name: 'alpaca',
  title: 'Alpaca',
  detect(row) {
    if (!row.has('instruction') || !row.has('output')) return 0;
    return isArray(row.get('output')) ? 0.3 : 0.9;
  },
  schema: {
    type: 'object',
    required: ['instruction', 'output'],
    properties: {
      instruction: { type: 'string' },
      input: textOrNull,
      output: { type: 'string' },
      system: textOrNull,
      history: {
        type: ['array', 'null'],
        items: { type: 'array', minItems: 2, maxItems: 2, items: { type: 'string' } },
      },
    },
  },
  toConversations(row) {
    const turns = alpacaPrompt(row);
    const output = textAt(row, 'output');
    if (output !== null) turns.push(turnOf('assistant', '/output', output));
    return turns.length === 0 ? [] : [chat(row, { turns })];
  },
};
