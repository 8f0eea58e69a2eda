import type { Check } from '../check.ts';
import { replaceString } from '../lib/edits.ts';
import { placeOf } from '../lib/place.ts';
import { toolSchemas } from '../lib/tools.ts';
import { callsOf, chatsOf, turnName } from '../lib/turns.ts';
import { listed, nearest, quoted } from '../lib/words.ts';

export const toolsUnknownName: Check = {
  code: 'tools/unknown-name',
  severity: 'warning',
  title: 'Call of a tool that is not offered',
  stage: 'conversation',
  fixable: true,
  only: 'tools',
  run: (context) =>
    chatsOf(context).flatMap(({ conversation, turns }) => {
      const names = new Set(toolSchemas(conversation.tools).map(({ name }) => name));
      if (names.size === 0) return [];
      return turns.flatMap((turn) =>
        callsOf(turn).flatMap(({ name, namePointer }) => {
          if (name === null || names.has(name)) return [];
          const place = placeOf(conversation, namePointer);
          const meant = nearest(name, names);
          const edit = meant === null ? null : replaceString(context.row, place.pointer, name, meant);
          const offer = names.size > 4 ? `${names.size} others` : listed([...names].map((known) => quoted(known)));
          return [
            {
              message: `${quoted(name)} is called in ${turnName(turn.index)}, but the row's tools offer ${offer}. ${
                meant === null ? 'Add its schema to the tools.' : `Did you mean ${quoted(meant)}?`
              }`,
              ...place,
              fixes:
                edit && meant !== null
                  ? [{ scope: 'row' as const, title: `Change to ${quoted(meant)}`, edits: [edit] }]
                  : [],
            },
          ];
        }),
      );
    }),
};
