import type { Check, Finding } from '../check.ts';
import { placeOf, pointerOf } from '../lib/place.ts';
import { type ChatPart, type ChatTurn, callsOf, chatsOf, isAssistant, isToolResult, turnName } from '../lib/turns.ts';
import { quoted } from '../lib/words.ts';
import { answeredId } from './pairs.ts';

export const toolsResultWithoutCall: Check = {
  code: 'tools/result-without-call',
  severity: 'warning',
  title: 'Tool result without a call',
  stage: 'conversation',
  fixable: false,
  only: 'tools',
  run: (context) => chatsOf(context).flatMap(ofChat),
};

function ofChat({ turns }: ChatPart): Finding[] {
  const structured = turns.some((turn) => callsOf(turn).length > 0);
  const seen = new Set<string>();
  let hasCall = false;
  return turns.flatMap((turn, i) => {
    for (const { id } of callsOf(turn)) {
      hasCall = true;
      if (id !== null) seen.add(id);
    }
    return isToolResult(turn) ? (ofResult(turn, turns, i, structured, hasCall, seen) ?? []) : [];
  });
}

function ofResult(
  turn: ChatTurn,
  turns: readonly ChatTurn[],
  i: number,
  structured: boolean,
  hasCall: boolean,
  seen: ReadonlySet<string>,
): Finding | null {
  const id = answeredId(turn);
  if (structured && id !== null && seen.size > 0 && !seen.has(id))
    return {
      message: `The result of ${turnName(turn.index)} answers the call ${quoted(id)}, which no turn before it makes. Correct the id.`,
      ...placeOf(turn.conversation, pointerOf(turn.pointer, 'tool_call_id')),
    };
  // Calls that are written into the text cannot be told from text: any assistant turn before may hold one.
  const asked = structured ? hasCall : turns.slice(0, i).some(isAssistant);
  if (asked) return null;
  return {
    message: `The tool result of ${turnName(turn.index)} follows no call. Add the assistant turn that calls the tool, or remove it.`,
    ...placeOf(turn.conversation, turn.pointer),
  };
}
