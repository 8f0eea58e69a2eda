import type { PartAnalysis } from '../../analysis-types.ts';
import type { ChatConversation } from '../../formats/conversation.ts';
import { isArray, isObject, type Pointer, pointerOf, type Value } from '../../jsonl/value.ts';
import type { CheckContext } from '../check.ts';

/** A message of a conversation with what checks ask for. */
export interface ChatTurn {
  readonly part: PartAnalysis;
  readonly conversation: ChatConversation;
  readonly index: number;
  readonly message: ReadonlyMap<string, Value>;
  /** Empty where the message has no role that is a string. */
  readonly role: string;
  /** Pointer in the conversation. */
  readonly pointer: Pointer;
  readonly texts: readonly TextPiece[];
}

/** A string of a message's content; more than one where the content is a list of parts. */
export interface TextPiece {
  /** Pointer in the conversation. */
  readonly pointer: Pointer;
  readonly text: string;
}

export interface ChatPart {
  readonly part: PartAnalysis;
  readonly conversation: ChatConversation;
  readonly turns: readonly ChatTurn[];
}

/** The row's chats, each with its turns. Rows without a template (text, tokens) have none. */
export const chatsOf = ({ memo, parts }: CheckContext): readonly ChatPart[] => (memo.chats ??= parts.flatMap(toChat));

/** The chat of a part; undefined where it is none. */
export const chatOf = (context: CheckContext, part: PartAnalysis): ChatPart | undefined =>
  chatsOf(context).find((chat) => chat.part === part);

function toChat(part: PartAnalysis): ChatPart[] {
  const { conversation } = part;
  if (conversation.kind !== 'chat') return [];
  const turns: ChatTurn[] = [];
  for (const [index, message] of conversation.messages.entries()) {
    const role = message.get('role');
    const pointer = pointerOf('/messages', index);
    turns.push({
      part,
      conversation,
      index,
      message,
      role: typeof role === 'string' ? role : '',
      pointer,
      texts: textsIn(message, pointer),
    });
  }
  return [{ part, conversation, turns }];
}

/** Every turn of every chat of the row. */
export const turnsOf = (context: CheckContext): readonly ChatTurn[] =>
  (context.memo.turns ??= chatsOf(context).flatMap((chat) => chat.turns));

export const textsOf = (turn: ChatTurn): readonly TextPiece[] => turn.texts;

function textsIn(message: ReadonlyMap<string, Value>, turn: Pointer): readonly TextPiece[] {
  const content = message.get('content');
  const pointer = pointerOf(turn, 'content');
  if (typeof content === 'string') return [{ pointer, text: content }];
  if (!isArray(content)) return [];
  return content.flatMap((part, i) => {
    if (typeof part === 'string') return [{ pointer: pointerOf(pointer, i), text: part }];
    const text = isObject(part) ? part.get('text') : undefined;
    return typeof text === 'string' ? [{ pointer: pointerOf(pointerOf(pointer, i), 'text'), text }] : [];
  });
}

/** Whether the content is a list with anything in it that is no text: an image has no characters, yet is not empty. */
export function hasMedia(turn: ChatTurn): boolean {
  const content = turn.message.get('content');
  return isArray(content) && content.some((part) => isObject(part) && typeof part.get('text') !== 'string');
}

export interface ToolCall {
  /** Pointers in the conversation. */
  readonly pointer: Pointer;
  readonly namePointer: Pointer;
  readonly argumentsPointer: Pointer;
  readonly id: string | null;
  readonly name: string | null;
  /** Undefined where the call has none. */
  readonly args: Value | undefined;
}

/** The structured calls of a turn; both `{function: {name, arguments}}` and `{name, arguments}` are in use. */
const NO_CALLS: readonly ToolCall[] = [];

export function callsOf(turn: ChatTurn): readonly ToolCall[] {
  const calls = turn.message.get('tool_calls');
  if (!isArray(calls)) return NO_CALLS;
  return calls.flatMap((call, i) => {
    if (!isObject(call)) return [];
    const pointer = pointerOf(pointerOf(turn.pointer, 'tool_calls'), i);
    const inner = call.get('function');
    const [body, at] = isObject(inner) ? [inner, pointerOf(pointer, 'function')] : [call, pointer];
    const id = call.get('id');
    const name = body.get('name');
    return [
      {
        pointer,
        namePointer: pointerOf(at, 'name'),
        argumentsPointer: pointerOf(at, 'arguments'),
        id: typeof id === 'string' && id !== '' ? id : null,
        name: typeof name === 'string' ? name : null,
        args: body.get('arguments'),
      },
    ];
  });
}

const REASONING_KEYS = ['reasoning_content', 'thinking', 'reasoning'] as const;

/** The turn's thought, as a field of its own or inline, or '' where it has none. */
export function reasoningOf(turn: ChatTurn): string {
  for (const key of REASONING_KEYS) {
    const value = turn.message.get(key);
    if (typeof value === 'string' && value.trim() !== '') return value;
  }
  const first = textsOf(turn)[0]?.text ?? '';
  return /^\s*<think>([\s\S]*?)<\/think>/.exec(first)?.[1]?.trim() ?? '';
}

export const TOOL_ROLES: ReadonlySet<string> = new Set(['tool', 'function', 'ipython', 'observation', 'tool_response']);

export const isAssistant = (turn: ChatTurn): boolean => turn.role === 'assistant';
export const isToolResult = (turn: ChatTurn): boolean => TOOL_ROLES.has(turn.role);

/** "turn 3": turns count from 1 wherever a person reads them. */
export const turnName = (index: number): string => `turn ${index + 1}`;
