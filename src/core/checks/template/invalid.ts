import type { Check } from '../check.ts';

export const templateInvalid: Check = {
  code: 'template/invalid',
  severity: 'error',
  title: 'The template cannot be read',
  stage: 'render',
  fixable: false,
  perFile: true,
  only: 'error',
  run: ({ parts }) =>
    parts.flatMap(({ error }) => {
      if (error === null || error.kind !== 'syntax') return [];
      const line = error.line === null ? '' : `, line ${error.line}`;
      // Without a line it is not the template's text but that there is none: the error says all.
      const message =
        error.line === null
          ? error.message
          : `The chat template cannot be read${line}: ${error.message.replace(/[.\s]+$/, '')}. Correct it, or choose another.`;
      return [{ message, pointer: '', data: { line: error.line } }];
    }),
};
