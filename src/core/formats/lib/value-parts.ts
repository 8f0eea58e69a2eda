import { isArray, isObject, type Pointer, pointerOf, type Value } from '../../jsonl/value.ts';
import type { Piece } from '../conversation.ts';
import type { RowObject, Turn } from './chat.ts';
import { toolCalls } from './tool-calls.ts';

/**
 * A message whose parts are `{"type", "value"}` (LLaMA-Factory 0.9.6, v1 data): its texts and thoughts as strings, its calls
 * as tool calls. Null where the parts are of another kind.
 */
export function valueParts(item: RowObject, from: Pointer): Turn | null {
  const content = item.get('content');
  if (!isArray(content) || content.length === 0) return null;
  const read: { type: string; value: string; pointer: Pointer }[] = [];
  for (const [index, part] of content.entries()) {
    if (!isObject(part)) return null;
    const type = part.get('type');
    const value = part.get('value');
    if (typeof type !== 'string' || typeof value !== 'string') return null;
    read.push({ type, value, pointer: pointerOf(pointerOf(pointerOf(from, 'content'), index), 'value') });
  }
  const message = new Map<string, Value>();
  const sources = new Map<string, Pointer | readonly Piece[]>();
  for (const [key, value] of item) {
    message.set(key, value);
    if (key !== 'content') sources.set(key, pointerOf(from, key));
  }
  const put = (key: string, type: string): void => {
    const pieces = read
      .filter((part) => part.type === type)
      .map(({ pointer, value }): Piece => ({ pointer, text: value }));
    if (pieces.length === 0 && key !== 'content') return;
    message.set(key, pieces.map((piece) => piece.text).join(''));
    if (pieces.length > 0) sources.set(key, pieces.length === 1 ? (pieces[0]?.pointer ?? from) : pieces);
  };
  put('content', 'text');
  put('reasoning_content', 'reasoning');
  const calls: Value[] = [];
  const pieces: Piece[] = [];
  for (const part of read) {
    const call = part.type === 'tool_call' ? toolCalls(part.value) : null;
    if (!isArray(call ?? undefined)) continue;
    calls.push(...(call as readonly Value[]));
    pieces.push({ pointer: part.pointer, text: part.value });
  }
  if (calls.length > 0) {
    message.set('tool_calls', calls);
    sources.set('tool_calls', pieces);
  }
  return { message, from: null, sources, flags: item };
}
