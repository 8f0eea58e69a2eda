import { isArray, isObject, type Value } from '../../jsonl/value.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { replaceString } from '../lib/edits.ts';
import { placeOf, valueAt } from '../lib/place.ts';
import { type ChatTurn, callsOf, type ToolCall, turnName, turnsOf } from '../lib/turns.ts';
import { quoted } from '../lib/words.ts';

export const toolsArgumentsType: Check = {
  code: 'tools/arguments-type',
  severity: 'warning',
  title: 'Tool arguments are no object',
  stage: 'conversation',
  fixable: true,
  only: 'tools',
  run: (context) =>
    turnsOf(context).flatMap((turn) => callsOf(turn).flatMap((call) => finding(turn, call, context) ?? [])),
};

function finding(turn: ChatTurn, call: ToolCall, { row }: CheckContext): Finding | null {
  const { args, argumentsPointer } = call;
  // Missing arguments are a call without any, which some APIs write.
  if (args === undefined || args === null || isObject(args)) return null;
  const place = placeOf(turn.conversation, argumentsPointer);
  const of = `The arguments of ${call.name === null ? 'the call' : quoted(call.name)} in ${turnName(turn.index)}`;
  // The schema of the row says it where the arguments stand in the row as they are.
  if (typeof args !== 'string' && valueAt(row.value, place.pointer) === args) return null;
  if (typeof args !== 'string')
    return { message: `${of} are ${kindOf(args)}. Write an object, or its JSON text.`, ...place };
  const inner = parsed(args);
  if (inner === undefined || (typeof inner === 'object' && inner !== null && !Array.isArray(inner))) return null;
  if (typeof inner !== 'string')
    return { message: `${of} are the JSON text of ${kindOfJson(inner)}. Write that of an object.`, ...place };
  const edit = replaceString(row, place.pointer, args, inner);
  return {
    message: `${of} are JSON text inside JSON text: the model learns to write the quotes and escapes too. Take one layer off.`,
    ...place,
    fixes:
      edit && typeof parsed(inner) === 'object' ? [{ scope: 'all', title: 'Take one layer off', edits: [edit] }] : [],
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const kindOf = (value: Value): string =>
  isArray(value) ? 'a list' : typeof value === 'boolean' ? 'true or false' : 'a number';

const kindOfJson = (value: unknown): string =>
  Array.isArray(value) ? 'a list' : value === null ? 'null' : typeof value === 'boolean' ? 'true or false' : 'a number';
