import { isArray } from '../../jsonl/value.ts';
import type { Check } from '../check.ts';
import { counted } from '../lib/words.ts';

const COLUMNS = ['labels', 'attention_mask', 'assistant_masks', 'completion_mask', 'loss_mask'] as const;

export const tokensLabelsLength: Check = {
  code: 'tokens/labels-length',
  severity: 'error',
  title: 'Labels and ids differ in length',
  stage: 'schema',
  fixable: false,
  run({ object, format }) {
    const ids = object?.get('input_ids');
    if (object === null || format !== 'tokenized' || !isArray(ids)) return [];
    return COLUMNS.flatMap((key) => {
      const column = object.get(key);
      if (!isArray(column) || column.length === ids.length) return [];
      return [
        {
          message: `\`${key}\` has ${counted(column.length, 'entry').replace('entrys', 'entries')}, \`input_ids\` ${ids.length}: TRL pairs them by position and cuts the longer without a word. Make them equal.`,
          pointer: `/${key}`,
        },
      ];
    });
  },
};
