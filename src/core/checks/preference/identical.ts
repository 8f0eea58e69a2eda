import type { Check } from '../check.ts';
import { sidesOf } from './sides.ts';

export const preferenceIdentical: Check = {
  code: 'preference/identical',
  severity: 'warning',
  title: 'Chosen equals rejected',
  stage: 'conversation',
  fixable: false,
  only: 'pair',
  run(context) {
    const sides = sidesOf(context);
    if (!sides || sides.chosen.answer !== sides.rejected.answer || sides.chosen.prompt !== sides.rejected.prompt)
      return [];
    return [
      {
        message: 'Chosen and rejected are the same text: the pair teaches nothing. Change one or remove the row.',
        pointer: sides.rejected.pointer,
      },
    ];
  },
};
