import type { Check } from '../check.ts';
import { quoted } from '../lib/words.ts';

export const jsonLoneSurrogate: Check = {
  code: 'json/lone-surrogate',
  severity: 'error',
  title: 'Half of a character',
  stage: 'json',
  fixable: true,
  only: 'json-issue',
  run: ({ row }) =>
    row.issues
      .filter((issue) => issue.kind === 'lone-surrogate')
      .map(({ pointer, range }) => ({
        message: `${quoted(row.text.slice(...range))} is half of a surrogate pair, which UTF-8 cannot hold: tokenizers refuse it. Write the whole character, or remove it.`,
        pointer,
        range,
        fixes: [{ scope: 'all', title: 'Remove the half character', edits: [{ range, text: '' }] }],
      })),
};
