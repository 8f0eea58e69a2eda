import type { TransformersRules } from '../config.ts';
import type { ChatConversation, Piece } from '../formats/conversation.ts';
import { type Pointer, pointerOf, type Value } from '../jsonl/value.ts';

type Message = ReadonlyMap<string, Value>;

interface Rules {
  /** `apply_chat_template` drops the top-level keys of a message whose value is None (transformers 5.23). */
  readonly dropNone: boolean;
  /** The first of the reasoning fields that is not None is copied to `reasoning_content`, and to `thinking` if absent (5.21). */
  readonly aliasReasoning: boolean;
}

const RULES: Readonly<Record<TransformersRules, Rules>> = {
  '4.57': { dropNone: false, aliasReasoning: false },
  '5.18': { dropNone: false, aliasReasoning: false },
  '5.21': { dropNone: false, aliasReasoning: true },
  '5.23': { dropNone: true, aliasReasoning: true },
};

const REASONING_FIELDS = ['reasoning_content', 'thinking', 'reasoning'] as const;

/**
 * What a version of transformers makes of the messages before a template sees them. Copied fields point at the field that
 * they were copied from, through `sources`. The conversation itself when nothing changes.
 */
export function prepare(conversation: ChatConversation, version: TransformersRules): ChatConversation {
  const rules = RULES[version];
  let sources: Map<Pointer, Pointer | readonly Piece[]> | null = null;
  let changed = false;
  const messages: Message[] = [];
  for (const [index, message] of conversation.messages.entries()) {
    const kept = rules.dropNone ? withoutNone(message) : message;
    const from = rules.aliasReasoning ? reasoningField(kept) : null;
    const result = from === null ? kept : withReasoning(kept, from);
    if (result !== message) changed = true;
    if (from !== null) {
      const parent = pointerOf('/messages', index);
      const source = sourceOf(conversation, pointerOf(parent, from));
      for (const field of aliasesOf(kept, from)) {
        sources ??= new Map(conversation.sources);
        if (source !== null) sources.set(pointerOf(parent, field), source);
      }
    }
    messages.push(result);
  }
  if (!changed) return conversation;
  return { ...conversation, messages, sources: sources ?? conversation.sources, original: conversation.messages };
}

function withoutNone(message: Message): Message {
  let has = false;
  for (const value of message.values()) if (value === null) has = true;
  if (!has) return message;
  return new Map([...message].filter(([, value]) => value !== null));
}

/**
 * Whether versions of transformers can make different messages of these: nearly all rows have neither a None among the
 * fields of a message nor reasoning of its own.
 */
export function canDiffer(messages: readonly Message[]): boolean {
  for (const message of messages) {
    for (const value of message.values()) if (value === null) return true;
    if (reasoningField(message) !== null) return true;
  }
  return false;
}

/** Whether two versions make the same messages of every row. */
export const preparesAlike = (a: TransformersRules, b: TransformersRules): boolean =>
  RULES[a].dropNone === RULES[b].dropNone && RULES[a].aliasReasoning === RULES[b].aliasReasoning;

function reasoningField(message: Message): string | null {
  for (const field of REASONING_FIELDS) if ((message.get(field) ?? null) !== null) return field;
  return null;
}

/** The fields that get the copy: `reasoning_content` always, `thinking` where the message has none. */
function aliasesOf(message: Message, from: string): string[] {
  const fields = from === 'reasoning_content' ? [] : ['reasoning_content'];
  if (!message.has('thinking')) fields.push('thinking');
  return fields;
}

function withReasoning(message: Message, from: string): Message {
  const reasoning = message.get(from) as Value;
  // The order of the keys is that of `{"thinking": r, **message, "reasoning_content": r}`: templates may print a message.
  const result = new Map<string, Value>([['thinking', reasoning]]);
  for (const [key, value] of message) result.set(key, value);
  result.set('reasoning_content', reasoning);
  return result;
}

/** Where a value of the conversation comes from: the nearest ancestor with an entry, continued below it. */
export function sourceOf(
  conversation: { readonly sources: ChatConversation['sources'] },
  pointer: Pointer,
): Pointer | readonly Piece[] | null {
  for (let at = pointer; ; ) {
    const found = conversation.sources.get(at);
    if (found !== undefined) {
      if (typeof found === 'string') return found + pointer.slice(at.length);
      return at === pointer ? found : null;
    }
    if (at === '') return null;
    at = at.slice(0, at.lastIndexOf('/'));
  }
}
