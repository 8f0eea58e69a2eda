import type { RowFormat } from './format.ts';

/** Columns that say that the text is an input to something else and not what is trained on. */
const NOT_ALONE = [
  'label',
  'labels',
  'answer',
  'answers',
  'instruction',
  'question',
  'query',
  'target',
  'summary',
  'role',
];

/** `{"text"}`: all of it is trained (TRL's `dataset_text_field`, Together, axolotl's completion). */
export const text: RowFormat = {
  name: 'text',
  title: 'Text',
  detect(row) {
    if (!row.has('text') || NOT_ALONE.some((key) => row.has(key))) return 0;
    return typeof row.get('text') === 'string' ? (row.size === 1 ? 0.8 : 0.5) : 0.2;
  },
  schema: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
  toConversations(row) {
    const value = row.get('text');
    if (typeof value !== 'string') return [];
    return [{ kind: 'text', part: 'row', segments: [{ role: 'text', pieces: [{ pointer: '/text', text: value }] }] }];
  },
};
