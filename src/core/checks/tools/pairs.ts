import { type ChatTurn, callsOf, isAssistant, isToolResult, type ToolCall } from '../lib/turns.ts';

/** A turn with calls, and the results that follow it before anybody else speaks. */
export interface CallRound {
  readonly turn: ChatTurn;
  readonly calls: readonly ToolCall[];
  readonly results: readonly ChatTurn[];
  /** Who speaks after the results; undefined at the end of the conversation. */
  readonly next: ChatTurn | undefined;
}

export function callRounds(turns: readonly ChatTurn[]): CallRound[] {
  return turns.flatMap((turn, i) => {
    const calls = isAssistant(turn) ? callsOf(turn) : [];
    if (calls.length === 0) return [];
    let after = i + 1;
    // Some data gives each parallel call a turn of its own before the results.
    while (after < turns.length && isToolResult(turns[after] as ChatTurn)) after++;
    return [{ turn, calls, results: turns.slice(i + 1, after), next: turns[after] }];
  });
}

/** The id that a result answers, or null where it names none. */
export function answeredId(turn: ChatTurn): string | null {
  const id = turn.message.get('tool_call_id');
  return typeof id === 'string' && id !== '' ? id : null;
}
