import { isArray, isObject, pointerOf, type Value } from '../../jsonl/value.ts';
import type { Conversation, Part, Piece } from '../conversation.ts';
import { chat, type RowObject, type Turn, toolsAt, turnOf } from './chat.ts';
import { turnsAt } from './turns.ts';

/** A prompt: message list or one string, at a key of the row. */
export const promptTurns = (row: RowObject, key: string): Turn[] => {
  const value = row.get(key);
  return typeof value === 'string' ? [turnOf('user', pointerOf('', key), value)] : turnsAt(value, pointerOf('', key));
};

/** An answer: message list, one message, or one string that is the assistant's. */
export function answerTurns(row: RowObject, key: string): Turn[] {
  const value = row.get(key);
  const pointer = pointerOf('', key);
  if (typeof value === 'string') return [turnOf('assistant', pointer, value)];
  if (!isObject(value)) return turnsAt(value, pointer);
  // One message is read as a list of one, whose pointers have no index.
  return turnsAt([value], pointer).map((turn) => withoutIndex(turn, pointer));
}

function withoutIndex(turn: Turn, pointer: string): Turn {
  const wrong = pointerOf(pointer, 0);
  const right = (from: string): string => (from.startsWith(wrong) ? pointer + from.slice(wrong.length) : from);
  if (turn.from !== null) return { ...turn, from: right(turn.from) };
  const sources = new Map<string, string | readonly Piece[]>();
  for (const [key, source] of turn.sources) {
    const moved =
      typeof source === 'string'
        ? right(source)
        : source.map((piece): Piece => (piece.pointer === null ? piece : { ...piece, pointer: right(piece.pointer) }));
    sources.set(key, moved);
  }
  return { ...turn, sources };
}

export const isMessageList = (value: Value | undefined): boolean => isArray(value) && value.some(isObject);

/**
 * A prompt and its answer: two strings that trainers put together without a template (TRL 1.16), or lists of messages. With
 * one string and one list the string is a turn.
 */
export function promptAndAnswer(row: RowObject, prompt: string, answer: string, part: Part): Conversation[] {
  const asked = row.get(prompt);
  const answered = row.get(answer);
  if (typeof asked !== 'object' && typeof answered !== 'object') {
    const segments: { role: 'prompt' | 'completion'; pieces: Piece[] }[] = [];
    if (typeof asked === 'string')
      segments.push({ role: 'prompt', pieces: [{ pointer: pointerOf('', prompt), text: asked }] });
    if (typeof answered === 'string')
      segments.push({ role: 'completion', pieces: [{ pointer: pointerOf('', answer), text: answered }] });
    return segments.length === 0 ? [] : [{ kind: 'text', part, segments }];
  }
  const before = promptTurns(row, prompt);
  const turns = [...before, ...answerTurns(row, answer)];
  return turns.length === 0 ? [] : [chat(row, { part, turns, tools: toolsAt(row), completionFrom: before.length })];
}
