import { parseRow } from '../../jsonl/parse.ts';
import type { Check } from '../check.ts';
import { placeOf } from '../lib/place.ts';
import { callsOf, turnName, turnsOf } from '../lib/turns.ts';
import { quoted } from '../lib/words.ts';

export const toolsArgumentsNotJson: Check = {
  code: 'tools/arguments-not-json',
  severity: 'error',
  title: 'Tool arguments are not JSON',
  stage: 'conversation',
  fixable: false,
  only: 'tools',
  run: (context) =>
    turnsOf(context).flatMap((turn) =>
      callsOf(turn).flatMap(({ args, name, argumentsPointer }) => {
        if (typeof args !== 'string' || isJson(args)) return [];
        const call = name === null ? 'the call' : quoted(name);
        if (args.trim() === '')
          return [
            {
              message: `The arguments of ${call} in ${turnName(turn.index)} are empty text, which is no JSON. Write "{}".`,
              severity: 'warning' as const,
              ...placeOf(turn.conversation, argumentsPointer),
            },
          ];
        const { error } = parseRow(args);
        return [
          {
            message:
              `The arguments of ${call} in ${turnName(turn.index)} are not JSON, and the model learns to write them so. ${error?.message ?? ''}`.trim(),
            ...placeOf(turn.conversation, argumentsPointer, error?.range),
          },
        ];
      }),
    ),
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
