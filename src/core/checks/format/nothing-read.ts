import type { Check } from '../check.ts';
import { schemaFindingsOf } from '../lib/schema.ts';

export const formatNothingRead: Check = {
  code: 'format/nothing-read',
  severity: 'warning',
  title: 'No conversation in the row',
  stage: 'schema',
  fixable: false,
  run(context) {
    const { object, rowFormat, parts } = context;
    if (object === null || rowFormat === null || rowFormat.name === 'unknown') return [];
    // What is missing is said already.
    if (schemaFindingsOf(context).length > 0) return [];
    const empty =
      parts.length === 0 ||
      parts.every(({ conversation }) => conversation.kind === 'chat' && conversation.messages.length === 0);
    if (!empty) return [];
    return [
      {
        message: `Read as ${rowFormat.title}, this row has no conversation, and nothing of it is trained. Fill it or remove the row.`,
        pointer: '',
      },
    ];
  },
};
