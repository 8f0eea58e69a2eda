import type { Check, CheckContext, Finding } from '../check.ts';
import { placeOf, pointerOf, valueAt } from '../lib/place.ts';
import { type ChatTurn, callsOf, isAssistant, reasoningOf, turnName, turnsOf } from '../lib/turns.ts';

export const contentNull: Check = {
  code: 'content/null',
  severity: 'warning',
  title: 'Content is null',
  stage: 'conversation',
  fixable: false,
  run: (context) => turnsOf(context).flatMap((turn) => finding(turn, context) ?? []),
};

function finding(turn: ChatTurn, context: CheckContext): Finding | null {
  const { message, conversation } = turn;
  const value = message.get('content');
  if (value !== undefined && value !== null) return null;
  if (callsOf(turn).length > 0 || (message.get('function_call') ?? null) !== null) return null;
  const { pointer } = placeOf(conversation, pointerOf(turn.pointer, 'content'));
  // A key that is not there at all is the schema's to report.
  if (valueAt(context.row.value, pointer) !== null) return null;
  const rest = isAssistant(turn) && reasoningOf(turn) !== '' ? ' after its reasoning' : '';
  return {
    message: `The content of ${turnName(turn.index)} is null${rest}: older templates print the word None, newer rules drop it. Write the text or remove the turn.`,
    pointer,
  };
}
