import type { Check } from '../check.ts';
import { placeOf } from '../lib/place.ts';
import { toolSchemas } from '../lib/tools.ts';
import { chatsOf } from '../lib/turns.ts';
import { quoted } from '../lib/words.ts';

export const toolsDuplicateName: Check = {
  code: 'tools/duplicate-name',
  severity: 'information',
  title: 'Two tools with one name',
  stage: 'conversation',
  fixable: false,
  only: 'tools',
  run: (context) =>
    chatsOf(context).flatMap(({ conversation }) => {
      const seen = new Set<string>();
      return toolSchemas(conversation.tools).flatMap(({ name, pointer }) => {
        if (!seen.has(name)) {
          seen.add(name);
          return [];
        }
        return [
          {
            message: `Two of the row's tools are named ${quoted(name)}: the model cannot tell them apart. Rename or remove one.`,
            ...placeOf(conversation, pointer),
          },
        ];
      });
    }),
};
