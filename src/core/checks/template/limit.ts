import type { Check } from '../check.ts';

export const templateLimit: Check = {
  code: 'template/limit',
  severity: 'error',
  title: 'The template was stopped',
  stage: 'render',
  fixable: false,
  only: 'error',
  run: ({ parts }) =>
    parts.flatMap(({ error }) => {
      if (error === null || error.kind !== 'limit') return [];
      return [
        {
          // The engine says what it stopped and what to do.
          message: error.message,
          pointer: '',
          data: { line: error.line },
        },
      ];
    }),
};
