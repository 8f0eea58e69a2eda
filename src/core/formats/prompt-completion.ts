import type { RowFormat } from './format.ts';
import type { RowObject } from './lib/chat.ts';
import { promptAndAnswer } from './lib/prompt.ts';
import { side, tools } from './lib/schemas.ts';

/** TRL's and Together's `completion`, else llm-foundry's `response`, else axolotl's metharme `generation`. */
const answerKey = (row: RowObject): string =>
  ['completion', 'response', 'generation'].find((key) => row.has(key)) ?? 'completion';

/** `{"prompt", "completion"}`: strings that are put together without a template, or lists of messages (TRL). */
export const promptCompletion: RowFormat = {
  name: 'prompt-completion',
  title: 'Prompt and completion',
  detect(row) {
    if (!row.has('prompt')) return 0;
    if (row.has('completion')) return 0.85;
    return typeof row.get('prompt') === 'string' && (row.has('response') || row.has('generation')) ? 0.6 : 0;
  },
  schema: {
    type: 'object',
    required: ['prompt'],
    // Without any of the three keys the sentence names the one that most trainers read.
    if: { not: { anyOf: [{ required: ['response'] }, { required: ['generation'] }] } },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword
    then: { required: ['completion'] },
    properties: { prompt: side, completion: side, response: side, generation: side, tools },
  },
  toConversations: (row) => promptAndAnswer(row, 'prompt', answerKey(row), 'row'),
};
