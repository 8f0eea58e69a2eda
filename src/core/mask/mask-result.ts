import type { MaskSpec } from '../config.ts';
import type { Conversation } from '../formats/conversation.ts';
import type { Range } from '../jsonl/value.ts';
import type { Rendering } from '../origin/segment.ts';
import type { ChatTemplate, RenderContext } from '../template/chat-template.ts';
import type { Encoding, Tokenizer } from '../tokenizer/encoding.ts';
import type { Mask } from './policy.ts';

/** One assistant turn in the rendered text (reference: masks without markers). All offsets are UTF-16 units of the text. */
export interface Turn {
  /** Index of the message. */
  readonly message: number;
  /** [headerStart, roleEnd) role marker; [roleEnd, start) what the generation prompt opens beyond it. */
  readonly headerStart: number;
  readonly roleEnd: number;
  /** [start, contentEnd) what the model writes; [contentEnd, end) what closes the turn, through the end-of-turn token. */
  readonly start: number;
  readonly contentEnd: number;
  /** The end-of-turn token, or null where the template prints none. */
  readonly stop: Range | null;
  readonly end: number;
  /** [end, after) printed after it and before the next turn. */
  readonly after: number;
  /** Printed of this message after other messages. */
  readonly late: readonly Range[];
  /** The stop is the token that hands over to a tool's result (Gemma 4), not the template's usual one. */
  readonly handover: boolean;
  /** `prefix`: proven by renders of prefixes; `origins`: aligned by origins; `guess`: no header known. */
  readonly how: 'prefix' | 'origins' | 'guess';
}

export interface MaskInput {
  readonly conversation: Conversation;
  /** Null for text and token conversations. */
  readonly template: ChatTemplate | null;
  readonly context: RenderContext | null;
  /** Pointers into the conversation. */
  readonly rendering: Rendering;
  readonly encoding: Encoding;
  readonly tokenizer: Tokenizer;
  readonly specialTokens: Readonly<Record<string, string>>;
  readonly spec: MaskSpec;
  /** Tokens. */
  readonly maxLength: number;
  /** Assign tokens to messages by renders of prefixes (one a message) rather than by the cheap rule. For one row at a time. */
  readonly exactTurns?: boolean;
}

export interface MaskResult extends Mask {
  /** Where the spans came from: the template's generation blocks, our own derivation, or the row's shape. */
  readonly from: 'markers' | 'derived' | 'shape';
  /** Trained character spans of the text, in order (before the projection onto tokens). */
  readonly spans: readonly Range[];
  /** Where transformers takes spans for others: where those blocks really lie, one for each of `spans`. */
  readonly meant?: readonly Range[];
  /** Assistant turns; empty where the policy needed none. */
  readonly turnSpans: readonly Turn[];
  /** Why the preset's tool leaves the row out or stops at it: a sentence with what to do; nothing is trained then. Else null. */
  readonly refused: string | null;
}
