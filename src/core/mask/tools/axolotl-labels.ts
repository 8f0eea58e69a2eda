import type { Range, Value } from '../../jsonl/value.ts';
import type { ChatTemplate, RenderContext } from '../../template/chat-template.ts';
import type { Encoding } from '../../tokenizer/encoding.ts';
import { commonPrefix } from '../markers.ts';
import { unlessRefused } from '../prefixes.ts';

/** Two texts that share no first and no last character, put in a message's place to see where it is printed. */
const STAND_INS = ['[[dummy_message]]', 'zzdummymessagezz'] as const;

/** An end-of-sequence token further behind a turn than this many tokens is not the turn's own. */
const REACH = 3;

export interface AxolotlInput {
  readonly template: ChatTemplate;
  readonly context: RenderContext;
  readonly text: string;
  readonly encoding: Encoding;
  /** Whether each message is trained. */
  readonly trainedMessages: readonly boolean[];
  /** Id of the tokenizer's `eos_token`; null where it has none. */
  readonly eos: number | null;
  readonly trainOnEos: 'turn' | 'last' | 'none';
}

/**
 * The labels of axolotl 0.19 (`type: chat_template`, `eot_tokens` and `train_on_eot` not set). A turn is what changes in
 * the text when two other texts stand in the message's place, so of a thought that the template wraps only what differs;
 * then the first end-of-sequence token within three tokens behind it. A turn of which nothing changes (an empty answer)
 * has no end.
 */
export function axolotlMask(input: AxolotlInput): Uint8Array {
  const { encoding, trainedMessages, trainOnEos, eos } = input;
  const { ids } = encoding;
  const mask = new Uint8Array(ids.length);
  let lastEos = -1;
  trainedMessages.forEach((trained, message) => {
    if (!trained) return;
    const turn = turnTokens(input, message);
    if (turn !== null) mask.fill(1, turn[0], turn[1]);
    const end = turn?.[1] ?? -1;
    const at = eos === null ? -1 : firstFrom(ids, eos, end);
    if (at < 0 || Math.abs(at - end) > REACH) return;
    lastEos = at;
    if (trainOnEos === 'turn') mask[at] = 1;
  });
  if (trainOnEos === 'last' && lastEos >= 0) mask[lastEos] = 1;
  return mask;
}

/** Python's list reads index -1 as the last element, and so does the search behind a turn that was not found. */
function firstFrom(ids: Int32Array, id: number, from: number): number {
  if (from < 0) return ids[ids.length - 1] === id ? -1 : ids.indexOf(id);
  return ids.indexOf(id, from);
}

function turnTokens(input: AxolotlInput, message: number): Range | null {
  const { text, encoding } = input;
  let start = Number.POSITIVE_INFINITY;
  let end = -1;
  for (const standIn of STAND_INS) {
    const other = withStandIn(input, message, standIn);
    if (other === null || other === '') return null;
    const [from, to] = changed(text, other);
    start = Math.min(start, from);
    end = Math.max(end, to);
  }
  if (end <= start) return null;
  const first = firstWhere(encoding.ends, (value) => value > start);
  const behind = firstWhere(encoding.starts, (value) => value >= end);
  return first < behind ? [first, behind] : null;
}

function withStandIn({ template, context }: AxolotlInput, message: number, standIn: string): string | null {
  const role = context.messages[message]?.get('role') ?? 'assistant';
  const turn = new Map<string, Value>([
    ['role', role],
    ['content', standIn],
  ]);
  return unlessRefused(() => template.plain({ ...context, messages: context.messages.with(message, turn) }).text);
}

/** What of `text` is not in `other`: between their common prefix and, behind it, their common suffix. */
function changed(text: string, other: string): Range {
  const start = commonPrefix(text, other);
  const limit = Math.min(text.length, other.length) - start;
  let suffix = 0;
  while (suffix < limit && text.charCodeAt(text.length - 1 - suffix) === other.charCodeAt(other.length - 1 - suffix))
    suffix++;
  return [start, text.length - suffix];
}

/** Index of the first value of an ascending array that the test holds for. */
function firstWhere(values: Int32Array, test: (value: number) => boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(values[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
