import type { RowFormat } from './format.ts';
import { questionAnswer } from './lib/question-answer.ts';

/** FLAN and P3 (`inputs`, `targets`), read as one question and its answer (ms-swift 4.6). */
export const flan: RowFormat = {
  name: 'flan',
  title: 'FLAN',
  detect: (row) => (row.has('inputs') && row.has('targets') ? 0.9 : 0),
  schema: {
    type: 'object',
    required: ['inputs', 'targets'],
    properties: { inputs: { type: 'string' }, targets: { type: 'string' } },
  },
  toConversations: (row) => questionAnswer(row, ['inputs'], 'targets'),
};
