import { pointerOf } from '../../jsonl/value.ts';
import type { Conversation } from '../conversation.ts';
import { chat, joined, type RowObject, textAt, turnOf } from './chat.ts';

/** One user turn of these columns and one assistant turn: what trainers make of instruction data. */
export function questionAnswer(row: RowObject, question: readonly string[], answer: string): Conversation[] {
  const turns = [];
  const asked = joined(row, question);
  if (asked !== null) turns.push(turnOf('user', asked.source, asked.text));
  const answered = textAt(row, answer);
  if (answered !== null) turns.push(turnOf('assistant', pointerOf('', answer), answered));
  return turns.length === 0 ? [] : [chat(row, { turns })];
}
