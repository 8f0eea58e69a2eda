import type { Pointer, Value } from '../jsonl/value.ts';

/**
 * A piece of a composed string: copied from the string at `pointer` of the row, from `offset` on (UTF-16 units, 0 when
 * absent), or text that the format itself adds.
 */
export type Piece =
  | { readonly pointer: Pointer; readonly text: string; readonly offset?: number }
  | { readonly pointer: null; readonly text: string };

/**
 * Where a conversation's values come from in the row. Key: JSON pointer into the *conversation*
 * (`/messages/0/content`, `/tools`). A string value is the pointer in the row of that value and of all below it; pieces
 * compose one string. The nearest ancestor with an entry decides. No entry at all: the format made it up (a role name).
 */
export type Sources = ReadonlyMap<Pointer, Pointer | readonly Piece[]>;

/** Which side of a preference row this is; `row` for every other format. */
export type Part = 'row' | 'chosen' | 'rejected';

/** What a chat template renders. */
export interface ChatConversation {
  readonly kind: 'chat';
  readonly part: Part;
  /** Template variables as the row has them (a Map each), in the template's own vocabulary: role, content, ... */
  readonly messages: readonly ReadonlyMap<string, Value>[];
  /** The row's own messages, where a version of transformers changes them before a template sees them. */
  readonly original?: readonly ReadonlyMap<string, Value>[];
  readonly tools: Value;
  /** The row's own `chat_template_kwargs`. */
  readonly templateArgs: ReadonlyMap<string, Value>;
  readonly sources: Sources;
  /** Per message: the row's own weight/train/loss flag, or undefined where it has none. */
  readonly trainFlags: readonly (boolean | undefined)[];
  /** Index of the first message that is the completion (conversational prompt/completion, preference), else null. */
  readonly completionFrom: number | null;
}

/** Rows that trainers concatenate without a template (prompt/completion strings, plain text). */
export interface TextConversation {
  readonly kind: 'text';
  readonly part: Part;
  readonly segments: readonly { readonly role: 'prompt' | 'completion' | 'text'; readonly pieces: readonly Piece[] }[];
}

/** Rows that are tokens already. */
export interface TokenConversation {
  readonly kind: 'tokens';
  readonly part: Part;
  readonly ids: readonly number[];
  readonly labels: readonly number[] | null;
}

export type Conversation = ChatConversation | TextConversation | TokenConversation;
