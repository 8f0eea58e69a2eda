import type { Problem } from './checks/problem.ts';
import type { Conversation, Part } from './formats/conversation.ts';
import type { FormatName } from './formats/format.ts';
import type { Pointer, Range } from './jsonl/value.ts';
import type { MaskResult } from './mask/mask-result.ts';
import type { Rendering } from './origin/segment.ts';
import type { ChatTemplate, RenderContext, TemplateError } from './template/chat-template.ts';
import type { Encoding } from './tokenizer/encoding.ts';

/** One conversation of a row through the whole pipeline. What a stage could not make is null, and `error` says why. */
export interface PartAnalysis {
  readonly part: Part;
  readonly conversation: Conversation;
  readonly template: ChatTemplate | null;
  readonly context: RenderContext | null;
  /** Pointers into the conversation. */
  readonly rendering: Rendering | null;
  readonly encoding: Encoding | null;
  readonly mask: MaskResult | null;
  readonly error: TemplateError | null;
  /** Stretches of the text that spell control tokens and are encoded as ordinary text. UTF-16 units. */
  readonly asText?: readonly Range[];
}

export interface Counts {
  readonly tokens: number;
  /** Trained tokens inside maxLength. */
  readonly trained: number;
  /** Tokens past maxLength. */
  readonly truncated: number;
  /** Trained tokens past maxLength. */
  readonly trainedCut: number;
}

/** What every row gets: small, sent from workers in batches. */
export interface RowSummary {
  readonly format: FormatName;
  readonly problems: readonly Problem[];
  readonly counts: Counts;
  /** 64-bit content hash as 16 hex digits, equal for rows that train on the same conversation; '' when unreadable. */
  readonly hash: string;
  /** UTF-16 units of the row's text. */
  readonly length: number;
}

/** Tokens and characters of one source field of the row. */
export interface FieldCount {
  /** Pointer in the row. */
  readonly pointer: Pointer;
  /** UTF-16 units of the decoded value. */
  readonly characters: number;
  readonly tokens: number;
  readonly trained: number;
  /** Whether any of it was printed by the template. */
  readonly printed: boolean;
}

export interface MessageCount {
  readonly index: number;
  readonly role: string;
  /** Pointer in the row of the message (or of its text). */
  readonly pointer: Pointer;
  readonly tokens: number;
  readonly trained: number;
}

/** What hover and inspector need of one row's part. Typed arrays travel as they are. */
export interface PartDetail {
  readonly part: Part;
  readonly text: string;
  readonly ids: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly trained: Uint8Array;
  readonly intended: Uint8Array | null;
  /** Index into REASONS. */
  readonly reasons: Uint8Array;
  /** Message index of each token, -1 before the first. */
  readonly turns: Int16Array;
  /** 1 where the token is an added (control) token. */
  readonly control: Uint8Array;
  readonly roles: readonly string[];
  readonly messagePointers: readonly Pointer[];
  /** Segments of the text with pointers in the row; `pointers[segmentPointer[i]]`, -1 for template text. */
  readonly pointers: readonly Pointer[];
  readonly segmentStarts: Int32Array;
  readonly segmentPointer: Int32Array;
  readonly segmentOffset: Int32Array;
  readonly segmentLength: Int32Array;
  readonly generation: readonly Range[] | null;
  readonly counts: Counts;
  readonly perRole: Readonly<Record<string, number>>;
  readonly perMessage: readonly MessageCount[];
  readonly fields: readonly FieldCount[];
  /** Where the mask came from. */
  readonly maskFrom: 'markers' | 'derived' | 'shape';
}

export interface RowDetail extends RowSummary {
  readonly parts: readonly PartDetail[];
  /** The template's refusal, or null. */
  readonly templateError: { readonly message: string; readonly line: number | null; readonly kind: string } | null;
  /** Plain messages for when nothing could be rendered: role and text. */
  readonly messages: readonly { readonly role: string; readonly text: string; readonly pointer: Pointer }[];
}

/** What a row is trained on: ids and labels, not cut. Null stands for a row that cannot be tokenized. */
export interface TokenRow {
  readonly ids: Int32Array;
  readonly trained: Uint8Array;
}

/** What DPO and KTO train on: ids, not cut. */
export interface AnswerRow {
  readonly prompt: Int32Array;
  /** The chosen and the rejected one, or the one that was rated. */
  readonly answers: readonly Int32Array[];
  /** KTO: whether the answer was liked; null for a pair. */
  readonly rating: boolean | null;
}
