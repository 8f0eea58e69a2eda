import type { Check } from '../check.ts';
import { isOtherJson } from './kind.ts';

const FALLBACK = 'The row is no JSON object. Put its fields between `{` and `}`.';

export const jsonNotObject: Check = {
  code: 'json/not-object',
  severity: 'error',
  title: 'Row is no object',
  stage: 'json',
  fixable: false,
  only: 'not-object',
  run(context) {
    if (!isOtherJson(context)) return [];
    const { row } = context;
    return [{ message: row.error?.message ?? FALLBACK, pointer: '', range: row.error?.range ?? [0, row.text.length] }];
  },
};
