import type { Check } from '../check.ts';
import { sidesOf } from './sides.ts';

/** Without case, white space and punctuation. */
const essence = (text: string): string => text.toLowerCase().replace(/[\s\p{P}]+/gu, '');

export const preferenceNoDifference: Check = {
  code: 'preference/no-difference',
  severity: 'information',
  title: 'Chosen hardly differs from rejected',
  stage: 'conversation',
  fixable: false,
  only: 'pair',
  run(context) {
    const sides = sidesOf(context);
    if (!sides || sides.chosen.answer === sides.rejected.answer || sides.chosen.prompt !== sides.rejected.prompt)
      return [];
    const mark = essence(sides.chosen.answer);
    if (mark === '' || mark !== essence(sides.rejected.answer)) return [];
    return [
      {
        message:
          'Chosen and rejected differ in case, white space or punctuation only: the pair teaches little else. Check that it is meant.',
        pointer: sides.rejected.pointer,
      },
    ];
  },
};
