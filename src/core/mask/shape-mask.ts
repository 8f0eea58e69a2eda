import type { TextConversation, TokenConversation } from '../formats/conversation.ts';
import type { Range } from '../jsonl/value.ts';
import type { Encoding, Tokenizer } from '../tokenizer/encoding.ts';
import type { MaskInput, MaskResult } from './mask-result.ts';
import type { Reason } from './policy.ts';
import { REASON_INDEX } from './reasons.ts';
import { resolveMask } from './resolve.ts';
import type { PromptEnd } from './tools/tool.ts';

/** The label that torch's cross entropy ignores. */
const IGNORED = -100;

interface Shape {
  readonly trained: Uint8Array;
  readonly reasons: Uint8Array;
}

const allOf = (count: number, reason: Reason): Shape => ({
  trained: new Uint8Array(count).fill(1),
  reasons: new Uint8Array(count).fill(REASON_INDEX[reason]),
});

/** All after the first `prompt` tokens. */
export function afterPrompt(count: number, prompt: number): Shape {
  const shape = allOf(count, 'completion');
  shape.trained.fill(0, 0, prompt);
  shape.reasons.fill(REASON_INDEX.prompt, 0, prompt);
  return shape;
}

/** The other side of a preference row: an SFT trainer never sees it. */
const rejected = (count: number, prompt: number): Shape => {
  const reasons = new Uint8Array(count).fill(REASON_INDEX['rejected-answer']);
  reasons.fill(REASON_INDEX.prompt, 0, prompt);
  return { trained: new Uint8Array(count), reasons };
};

/**
 * Tokens of the prompt in prompt + completion. A token that is merged over the boundary is not among those that both begin
 * with, and so is trained; by length it counts as the prompt's.
 */
export function promptTokens(
  tokenizer: Tokenizer,
  prompt: string,
  whole: Encoding,
  addSpecialTokens: boolean,
  end: PromptEnd,
): number {
  const { ids } = tokenizer.encode(prompt, { addSpecialTokens });
  const limit = Math.min(ids.length, whole.ids.length);
  if (end === 'length') return limit;
  let common = 0;
  while (common < limit && ids[common] === whole.ids[common]) common++;
  return common;
}

/** The encoding's spans of the trained tokens, neighbors joined. */
export function spansOfTokens({ starts, ends }: Encoding, trained: Uint8Array): Range[] {
  const spans: Range[] = [];
  for (let token = 0; token < trained.length; token++) {
    if (trained[token] === 0 || starts[token]! >= ends[token]!) continue;
    const last = spans.at(-1);
    if (last !== undefined && starts[token]! <= last[1]) spans[spans.length - 1] = [last[0], ends[token]!];
    else spans.push([starts[token]!, ends[token]!]);
  }
  return spans;
}

const finish = ({ trained, reasons }: Shape, turns: Int16Array, encoding: Encoding): MaskResult => ({
  trained,
  reasons,
  intended: null,
  turns,
  from: 'shape',
  spans: spansOfTokens(encoding, trained),
  turnSpans: [],
  refused: null,
});

/** Rows that are tokens already: the row's labels as they are (TRL takes a `labels` column so), all tokens without them. */
export function tokenMask(conversation: TokenConversation, { encoding }: MaskInput): MaskResult {
  const { ids, labels } = conversation;
  const count = ids.length;
  const shape = allOf(count, labels === null ? 'everything' : 'label');
  for (let token = 0; labels !== null && token < count; token++) {
    if ((labels[token] ?? IGNORED) !== IGNORED) continue;
    shape.trained[token] = 0;
    shape.reasons[token] = REASON_INDEX['masked-label'];
  }
  return finish(shape, new Int16Array(count), encoding);
}

/**
 * Rows that trainers concatenate without a template. Plain text is trained as a whole. Of prompt and completion the
 * completion is trained (by TRL with nothing set, too), unless the policy trains everything. Turn: index of the segment.
 */
export function textMask(conversation: TextConversation, input: MaskInput): MaskResult {
  const { encoding, tokenizer, rendering, spec } = input;
  const { segments, part } = conversation;
  const { policy, prompt: promptEnd } = resolveMask(spec);
  const count = encoding.ids.length;
  const turns = segmentOfTokens(conversation, encoding);
  const first = segments.findIndex((segment) => segment.role === 'completion');
  if (first < 0 && part !== 'rejected') return finish(allOf(count, 'everything'), turns, encoding);

  const prompt = rendering.text.slice(0, lengthOf(conversation, 0, Math.max(0, first)));
  const common = promptTokens(tokenizer, prompt, encoding, true, promptEnd ?? 'prefix');
  if (part === 'rejected') return finish(rejected(count, common), turns, encoding);
  if (policy.scope === 'everything' && promptEnd === null) return finish(allOf(count, 'everything'), turns, encoding);
  const shape = afterPrompt(count, common);
  if (part === 'chosen') shape.reasons.fill(REASON_INDEX['chosen-answer'], common);
  return finish(shape, turns, encoding);
}

/** UTF-16 units of the segments `[from, to)`. */
function lengthOf({ segments }: TextConversation, from: number, to: number): number {
  let length = 0;
  for (let i = from; i < to; i++) for (const piece of segments[i]!.pieces) length += piece.text.length;
  return length;
}

function segmentOfTokens(conversation: TextConversation, { starts }: Encoding): Int16Array {
  const turns = new Int16Array(starts.length);
  const last = conversation.segments.length - 1;
  let segment = 0;
  let end = lengthOf(conversation, 0, 1 <= last + 1 ? 1 : 0);
  for (let token = 0; token < starts.length; token++) {
    while (segment < last && starts[token]! >= end) end += lengthOf(conversation, ++segment, segment + 1);
    turns[token] = segment;
  }
  return turns;
}
