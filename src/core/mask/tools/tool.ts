import type { ChatConversation } from '../../formats/conversation.ts';
import type { Range } from '../../jsonl/value.ts';
import type { Rendering } from '../../origin/segment.ts';
import type { ChatTemplate, RenderContext } from '../../template/chat-template.ts';
import type { Encoding, Tokenizer } from '../../tokenizer/encoding.ts';
import type { Markers } from '../markers.ts';
import type { Turn } from '../mask-result.ts';
import type { MaskPolicy, PresetName } from '../policy.ts';

/** What a trainer's labels of one chat depend on. The text is the whole render of the chat template, no generation prompt. */
export interface ToolInput {
  readonly conversation: ChatConversation;
  /** Role of each message; '' where it is no string. */
  readonly roles: readonly string[];
  readonly template: ChatTemplate;
  readonly context: RenderContext;
  readonly rendering: Rendering;
  readonly encoding: Encoding;
  readonly tokenizer: Tokenizer;
  readonly specialTokens: Readonly<Record<string, string>>;
  readonly markers: Markers;
  /** The assistant's turns in the text, worked out when asked for. */
  turns(): readonly Turn[];
}

/** What a trainer makes of a chat. */
export interface ToolLabels {
  /** Per token of the encoding: 1 where it carries loss. */
  readonly trained: Uint8Array;
  /** The character spans that were projected onto the tokens; without them those of the trained tokens stand. */
  readonly spans?: readonly Range[];
  /** Why the trainer leaves the row out or stops at it: a sentence with what to do. `trained` is all 0 then. */
  readonly refused?: string;
}

/** A value of an option: what YAML and JSON can say. */
export type OptionValue = string | number | boolean | null | readonly OptionValue[];
export type ToolOptions = Readonly<Record<string, OptionValue>>;

/** How an option is written in `sft-lens.json`, by the tool's own name, as JSON Schema. */
export interface OptionSchema {
  readonly description: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly items?: { readonly type: string };
  readonly default: OptionValue;
}

/**
 * How the end of a prompt is found in prompt and completion: by the prompt's number of tokens, or where the tokens of both
 * begin to differ.
 */
export type PromptEnd = 'length' | 'prefix';

/** A tool's labels bug for bug. `options` are complete. */
export type Labeler = (input: ToolInput, options: ToolOptions, version: string) => ToolLabels;

/**
 * A preset: a trainer's mask under a version of it and its own options. One file in this folder, one line in its registry;
 * where the policy does not say all, labels in a file beside it and a line in `labels.ts`.
 */
export interface MaskTool {
  readonly preset: PresetName;
  /** The tool's name as people write it: "LLaMA-Factory". */
  readonly title: string;
  /** For lists: "axolotl, type chat_template: assistant turns and their end". */
  readonly summary: string;
  /** Versions whose masks differ, oldest first; the last is the default. Empty: there is only one way. */
  readonly versions: readonly string[];
  readonly options: Readonly<Record<string, OptionSchema>>;
  /** The nearest point of the policy: it names reasons and stands where there are no labels. `options` are complete. */
  policy(options: ToolOptions): MaskPolicy;
  /** Of rows of prompt and completion, where the policy stands: how the prompt is masked, null where it is not. Absent: by the policy's scope. */
  readonly prompt?: (options: ToolOptions, version: string) => PromptEnd | null;
  /** Why the tool stops at a row of whose assistant turns nothing is trained, where it does: a sentence with what to do. */
  readonly nothing?: (options: ToolOptions) => string | null;
  /**
   * Set where the tool tokenizes a text of its own making, not the chat template's: what that means for this mask, as a
   * sentence. The labels hold where its ids are those of the template.
   */
  readonly ownText?: string;
}
