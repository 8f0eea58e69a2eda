import type { Check } from './check.ts';

/** Stands for a check that failed. The runner makes its problems; it is a check so that it has a page and can be turned off. */
export const INTERNAL_CHECK: Check = {
  code: 'internal/check',
  severity: 'warning',
  title: 'A check failed',
  stage: 'file',
  fixable: false,
  run: () => [],
};
