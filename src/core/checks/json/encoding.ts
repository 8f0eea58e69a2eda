import type { Check } from '../check.ts';

/** Only the bytes of a file show it: whoever reads them makes the problem, an editor has decoded them already. */
export const jsonEncoding: Check = {
  code: 'json/encoding',
  severity: 'error',
  title: 'Byte is not UTF-8',
  stage: 'file',
  fixable: false,
  run: () => [],
};
