import type { Check, Finding } from '../check.ts';
import { placeOf, pointerOf, valueAt } from '../lib/place.ts';
import { type ChatTurn, callsOf, isAssistant, reasoningOf, turnName, turnsOf } from '../lib/turns.ts';

export const contentNull: Check = {
  code: 'content/null',
  severity: 'warning',
  title: 'No content',
  stage: 'conversation',
  fixable: false,
  run: (context) => turnsOf(context).flatMap((turn) => finding(turn, context.row.value) ?? []),
};

function finding(turn: ChatTurn, row: Parameters<typeof valueAt>[0]): Finding | null {
  const { message, conversation } = turn;
  const value = message.get('content');
  if (value !== undefined && value !== null) return null;
  if (callsOf(turn).length > 0 || (message.get('function_call') ?? null) !== null) return null;
  const { pointer } = placeOf(conversation, pointerOf(turn.pointer, 'content'));
  const rest = isAssistant(turn) && reasoningOf(turn) !== '' ? ' after its reasoning' : '';
  if (valueAt(row, pointer) === null)
    return {
      message: `The content of ${turnName(turn.index)} is null${rest}: older templates print the word None, newer rules drop it. Write the text or remove the turn.`,
      pointer,
    };
  return {
    message: `${turnName(turn.index).replace('t', 'T')} has no content${rest}. Write it or remove the turn.`,
    ...placeOf(conversation, turn.pointer),
  };
}
