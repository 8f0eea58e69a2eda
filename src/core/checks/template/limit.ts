import type { Check } from '../check.ts';

export const templateLimit: Check = {
  code: 'template/limit',
  severity: 'error',
  title: 'The template was stopped',
  stage: 'render',
  fixable: false,
  run: ({ parts }) =>
    parts.flatMap(({ error }) => {
      if (error === null || error.kind !== 'limit') return [];
      const said = error.message.replace(/[.\s]+$/, '');
      return [
        {
          message: `The template was stopped on this row: ${said}. Look for a loop in the template, or shorten the row.`,
          pointer: '',
          data: { line: error.line },
        },
      ];
    }),
};
