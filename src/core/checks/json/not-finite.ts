import type { Check } from '../check.ts';
import { quoted } from '../lib/words.ts';

export const jsonNotFinite: Check = {
  code: 'json/not-finite',
  severity: 'error',
  title: 'Number that is not finite',
  stage: 'json',
  fixable: true,
  only: 'json-issue',
  run: ({ row }) =>
    row.issues
      .filter((issue) => issue.kind === 'not-finite')
      .map(({ pointer, range }) => {
        const spelled = row.text.slice(...range);
        const isWord = /^[-NI]/.test(spelled) && !/\d/.test(spelled);
        return {
          message: isWord
            ? `${quoted(spelled)} is no JSON: Python writes and reads it, most other readers refuse the file. Use a number or null.`
            : `${quoted(spelled)} is too large for a floating-point number and is read as infinity. Use a smaller number or null.`,
          pointer,
          range,
          severity: isWord ? 'error' : 'warning',
          fixes: [{ scope: 'all', title: 'Change to null', edits: [{ range, text: 'null' }] }],
        };
      }),
};
