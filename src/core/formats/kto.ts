import { isArray } from '../jsonl/value.ts';
import { alpaca } from './alpaca.ts';
import type { RowFormat } from './format.ts';
import type { RowObject } from './lib/chat.ts';
import { promptAndAnswer } from './lib/prompt.ts';
import { messageList, textOrNull, tools } from './lib/schemas.ts';
import { messages } from './messages.ts';
import { sharegpt } from './sharegpt.ts';

/** TRL and ms-swift: `label`; LLaMA-Factory: `kto_tag`, or `tag` in its own Alpaca sample. */
const LABELS = ['label', 'kto_tag', 'tag'] as const;

const hasLabel = (row: RowObject): boolean => ratingOf(row) !== null;

/** Whether the answer was liked; null where the row does not say so. */
export function ratingOf(row: RowObject): boolean | null {
  for (const key of LABELS) {
    const label = row.get(key);
    if (typeof label === 'boolean') return label;
  }
  return null;
}

type Shape = 'messages' | 'sharegpt' | 'alpaca' | 'prompt';

function shapeOf(row: RowObject): Shape | null {
  if (isArray(row.get('messages'))) return 'messages';
  if (isArray(row.get('conversations'))) return 'sharegpt';
  if (row.has('prompt') && row.has('completion')) return 'prompt';
  return row.has('instruction') && row.has('output') ? 'alpaca' : null;
}

/** One answer that was liked or not (`label` true or false): KTO in TRL, LLaMA-Factory and ms-swift. */
export const kto: RowFormat = {
  name: 'kto',
  title: 'KTO',
  detect(row) {
    if (shapeOf(row) === null) return 0;
    // A label of another type makes no file KTO, but is a row of a KTO file with a mistake in it.
    return hasLabel(row) ? 0.93 : row.has('label') || row.has('kto_tag') ? 0.3 : 0;
  },
  schema: {
    type: 'object',
    properties: {
      prompt: { type: ['string', 'array'] },
      completion: { type: ['string', 'array'] },
      messages: messageList,
      label: { type: 'boolean' },
      kto_tag: { type: 'boolean' },
      system: textOrNull,
      tools,
    },
    if: { not: { anyOf: [{ required: ['kto_tag'] }, { required: ['tag'] }] } },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword
    then: { required: ['label'] },
  },
  toConversations(row) {
    switch (shapeOf(row)) {
      case 'messages':
        return messages.toConversations(row);
      case 'sharegpt':
        return sharegpt.toConversations(row);
      case 'alpaca':
        return alpaca.toConversations(row);
      case 'prompt':
        return promptAndAnswer(row, 'prompt', 'completion', 'row');
      case null:
        return [];
    }
  },
};
