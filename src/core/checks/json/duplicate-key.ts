import type { Check } from '../check.ts';
import { quoted } from '../lib/words.ts';

export const jsonDuplicateKey: Check = {
  code: 'json/duplicate-key',
  severity: 'warning',
  title: 'Key stands twice',
  stage: 'json',
  fixable: false,
  only: 'json-issue',
  run: ({ row }) =>
    row.issues
      .filter((issue) => issue.kind === 'duplicate-key')
      .map((issue) => ({
        message: `The key ${quoted(issue.key ?? '')} stands twice in this object, and trainers keep the last one only. Rename or remove one.`,
        pointer: issue.pointer,
        range: issue.range,
      })),
};
