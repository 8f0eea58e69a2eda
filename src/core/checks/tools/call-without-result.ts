import type { Check, Finding } from '../check.ts';
import { placeOf } from '../lib/place.ts';
import { callsOf, chatsOf, isAssistant, turnName } from '../lib/turns.ts';
import { counted, quoted } from '../lib/words.ts';
import { answeredId, type CallRound, callRounds } from './pairs.ts';

export const toolsCallWithoutResult: Check = {
  code: 'tools/call-without-result',
  severity: 'warning',
  title: 'Tool call without a result',
  stage: 'conversation',
  fixable: false,
  only: 'tools',
  run: (context) => chatsOf(context).flatMap(({ turns }) => callRounds(turns).flatMap(ofRound)),
};

function ofRound({ turn, calls, results, next }: CallRound): Finding[] {
  // A conversation may end with the call that it teaches; calls of neighbouring turns may share their results.
  if (next === undefined && results.length === 0) return [];
  if (results.length === 0 && next !== undefined && isAssistant(next) && callsOf(next).length > 0) return [];
  const ids = new Set(results.map(answeredId));
  const byId = calls.every(({ id }) => id !== null) && !ids.has(null);
  // Without ids one turn may hold the results of several calls (LLaMA-Factory's observation).
  const open = results.length === 0 ? calls : byId ? calls.filter(({ id }) => !ids.has(id)) : [];
  return open.map((call) => ({
    message: `${call.name === null ? 'A call' : `The call of ${quoted(call.name)}`} in ${turnName(turn.index)} has no result${
      results.length > 0 ? `: ${counted(calls.length, 'call')}, ${counted(results.length, 'result')}` : ''
    }. Add a tool turn after it.`,
    ...placeOf(turn.conversation, call.pointer),
  }));
}
