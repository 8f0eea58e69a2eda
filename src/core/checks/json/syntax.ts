import type { Check } from '../check.ts';
import { isOtherJson } from './kind.ts';

export const jsonSyntax: Check = {
  code: 'json/syntax',
  severity: 'error',
  title: 'Not JSON',
  stage: 'json',
  fixable: true,
  only: 'not-object',
  run(context) {
    const { error } = context.row;
    if (!error || isOtherJson(context)) return [];
    return [
      {
        message: error.message,
        pointer: '',
        range: error.range,
        fixes: error.fix ? [{ scope: 'row', title: error.fix.title, edits: error.fix.edits }] : [],
      },
    ];
  },
};
