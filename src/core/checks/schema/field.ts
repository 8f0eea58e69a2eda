import type { Check } from '../check.ts';
import { schemaFindingsOf } from '../lib/schema.ts';

/** `kto/label-type` says more about it. */
const isKtoLabel = (pointer: string): boolean => pointer === '/label' || pointer === '/kto_tag';

export const schemaField: Check = {
  code: 'schema/field',
  severity: 'error',
  title: 'Field does not fit the format',
  stage: 'schema',
  fixable: false,
  run: (context) =>
    schemaFindingsOf(context).filter(({ pointer }) => !(context.format === 'kto' && isKtoLabel(pointer))),
};
