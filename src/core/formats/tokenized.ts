import { isArray, type Value } from '../jsonl/value.ts';
import type { RowFormat } from './format.ts';
import type { RowObject } from './lib/chat.ts';
import { tokenFlags } from './lib/schemas.ts';

const isIds = (value: Value | undefined): value is readonly number[] =>
  isArray(value) && value.length > 0 && value.every((id) => typeof id === 'number');

/** The label of a token without loss (PyTorch's `ignore_index`). */
const IGNORED = -100;

/** TRL (1.7 and later): labels, else the masks, all of which must be 1; SkyRL: `loss_mask`. */
function labelsOf(row: RowObject, ids: readonly number[]): readonly number[] | null {
  const labels = row.get('labels');
  if (isIds(labels)) return labels;
  const masks = ['loss_mask', 'completion_mask', 'assistant_masks'].map((key) => row.get(key)).filter(isIds);
  if (masks.length === 0) return null;
  return ids.map((id, index) => (masks.every((mask) => mask[index] === 1) ? id : IGNORED));
}

const numbers = { type: 'array', items: { type: 'integer' } } as const;

/** Token ids with labels (`input_ids`, `labels`, `attention_mask`): axolotl, LLaMA-Factory, Together, TRL. */
export const tokenized: RowFormat = {
  name: 'tokenized',
  title: 'Tokenized',
  detect: (row) => (isArray(row.get('input_ids')) ? 0.95 : 0),
  schema: {
    type: 'object',
    required: ['input_ids'],
    properties: {
      input_ids: { ...numbers, minItems: 1 },
      labels: { type: ['array', 'null'], items: { type: 'integer' } },
      attention_mask: tokenFlags,
      assistant_masks: tokenFlags,
      completion_mask: tokenFlags,
      loss_mask: tokenFlags,
    },
  },
  toConversations(row) {
    const ids = row.get('input_ids');
    return isIds(ids) ? [{ kind: 'tokens', part: 'row', ids, labels: labelsOf(row, ids) }] : [];
  },
};
