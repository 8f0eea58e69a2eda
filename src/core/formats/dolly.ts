import type { RowFormat } from './format.ts';
import { questionAnswer } from './lib/question-answer.ts';
import { textOrNull } from './lib/schemas.ts';

/** Dolly (`instruction`, `context`, `response`, `category`): the user's turn is the instruction, a line break and the context. */
export const dolly: RowFormat = {
  name: 'dolly',
  title: 'Dolly',
  detect(row) {
    if (!row.has('instruction') || !row.has('response') || row.has('output')) return 0;
    return row.has('context') ? 0.9 : 0.7;
  },
  schema: {
    type: 'object',
    required: ['instruction', 'response'],
    properties: {
      instruction: { type: 'string' },
      context: textOrNull,
      response: { type: 'string' },
      category: textOrNull,
    },
  },
  toConversations: (row) => questionAnswer(row, ['instruction', 'context', 'input'], 'response'),
};
