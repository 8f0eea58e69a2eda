import type { Check } from '../check.ts';
import { replaceWithin } from '../lib/edits.ts';
import { placeOf } from '../lib/place.ts';
import { textsOf, turnName, turnsOf } from '../lib/turns.ts';

/** C0 controls that are neither tab nor line break, and DEL: no keyboard types them, terminals and page dumps leave them. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

const nameOf = (character: string): string =>
  `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;

export const contentControlCharacter: Check = {
  code: 'content/control-character',
  severity: 'information',
  title: 'Invisible control character',
  stage: 'conversation',
  fixable: true,
  run: (context) =>
    turnsOf(context).flatMap((turn) =>
      textsOf(turn).flatMap(({ pointer, text }) => {
        const match = CONTROL.exec(text);
        if (!match) return [];
        const place = placeOf(turn.conversation, pointer, [match.index, match.index + 1]);
        const edit = place.within ? replaceWithin(context.row, place.pointer, place.within, '') : null;
        return [
          {
            message: `The text of ${turnName(turn.index)} has the invisible control character ${nameOf(match[0])}. Remove it, if it is not meant.`,
            ...place,
            fixes: edit ? [{ scope: 'row', title: 'Remove it', edits: [edit] }] : [],
          },
        ];
      }),
    ),
};
