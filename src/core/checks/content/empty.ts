import type { TextConversation } from '../../formats/conversation.ts';
import { isArray, isObject, type Value } from '../../jsonl/value.ts';
import type { Check, CheckContext, Finding } from '../check.ts';
import { placeOf, pointerOf, valueAt } from '../lib/place.ts';
import {
  type ChatTurn,
  callsOf,
  hasMedia,
  isAssistant,
  reasoningOf,
  textsOf,
  turnName,
  turnsOf,
} from '../lib/turns.ts';

export const contentEmpty: Check = {
  code: 'content/empty',
  severity: 'warning',
  title: 'Empty text',
  stage: 'conversation',
  fixable: false,
  run(context) {
    const findings = turnsOf(context).flatMap((turn) => ofTurn(turn, context) ?? []);
    for (const { conversation } of context.parts)
      if (conversation.kind === 'text') findings.push(...ofText(conversation, context));
    return findings;
  },
};

function ofTurn(turn: ChatTurn, { row }: CheckContext): Finding | null {
  const content = turn.message.get('content');
  if (content === undefined || content === null || hasMedia(turn)) return null;
  const texts = textsOf(turn);
  if (texts.length === 0 ? !Array.isArray(content) : texts.some(({ text }) => text.trim() !== '')) return null;
  const pointer = pointerOf(turn.pointer, 'content');
  if (hasOtherParts(turn, row.value)) return null;
  const blank = texts.some(({ text }) => text !== '') ? 'blank' : 'empty';
  if (isAssistant(turn)) {
    if (callsOf(turn).length > 0) return null;
    const thought = reasoningOf(turn) !== '';
    return {
      message: thought
        ? `The answer of ${turnName(turn.index)} is ${blank} after its reasoning: the model learns to think and say nothing. Write the answer or remove the row.`
        : `The answer of ${turnName(turn.index)} is ${blank}: the model learns to end its turn at once. Write the answer or remove the row.`,
      ...placeOf(turn.conversation, pointer),
    };
  }
  if (turn.role === 'user')
    return {
      message: `The user's text of ${turnName(turn.index)} is ${blank}. Write it or remove the row.`,
      ...placeOf(turn.conversation, pointer),
    };
  if (turn.role === 'system' || turn.role === 'developer')
    return {
      message: `The ${turn.role} text of ${turnName(turn.index)} is ${blank}; most templates print its frame all the same. Remove the turn.`,
      severity: 'hint',
      ...placeOf(turn.conversation, pointer),
    };
  return null;
}

/** Whether the row's own content is a list that has more than the format took for text: that is not empty. */
function hasOtherParts({ conversation, pointer }: ChatTurn, row: Value | undefined): boolean {
  const role = placeOf(conversation, pointerOf(pointer, 'role')).pointer;
  const own = valueAt(row, `${role.slice(0, role.lastIndexOf('/'))}/content`);
  return isArray(own) && own.some((part) => isObject(part) && part.get('type') !== 'text');
}

function ofText(conversation: TextConversation, { format, row }: CheckContext): Finding[] {
  return conversation.segments.flatMap(({ role, pieces }) => {
    if (pieces.some(({ text }) => text.trim() !== '')) return [];
    const pointer = pieces.findLast((piece) => piece.pointer !== null)?.pointer ?? `/${role}`;
    const own = valueAt(row.value, pointer);
    // Two equal sides of a preference leave nothing that could be called the answer, yet neither is empty.
    if (typeof own === 'string' && own.trim() !== '') return [];
    if (role === 'prompt') {
      // A preference pair without a prompt is a format of its own.
      if (format === 'preference') return [];
      return [{ message: 'The prompt is empty: the completion answers nothing. Write it or remove the row.', pointer }];
    }
    const what = role === 'text' ? 'The text is empty' : 'The completion is empty';
    return [{ message: `${what}: at most its end is trained. Write it or remove the row.`, pointer }];
  });
}
