import type { Check } from '../check.ts';

export const formatNothingRead: Check = {
  code: 'format/nothing-read',
  severity: 'error',
  title: 'No conversation in the row',
  stage: 'schema',
  fixable: false,
  run({ object, rowFormat, parts }) {
    if (object === null || rowFormat === null) return [];
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
