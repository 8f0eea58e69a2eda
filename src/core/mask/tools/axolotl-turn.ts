import type { Range, Value } from '../../jsonl/value.ts';
import { commonPrefix } from '../markers.ts';
import type { ToolInput } from './tool.ts';

type Message = ReadonlyMap<string, Value>;

/** Two texts that share no first and no last character, put in a message's place to see where it is printed. */
const STAND_INS = ['[[dummy_message]]', 'zzdummymessagezz'] as const;

/**
 * A message's tokens as axolotl 0.19 finds them: what changes in the characters when another text stands in the message's
 * place, so of a thought that the template wraps only what differs. Null where nothing changes (an empty answer);
 * undefined where it goes back to `turnByTokens`. Throws the template's refusals.
 */
export function turnByText(input: ToolInput, index: number, reasoning: Value): Range | null | undefined {
  const { template, context, encoding, rendering } = input;
  const { text } = rendering;
  if (text === '') return undefined;
  let start = Number.POSITIVE_INFINITY;
  let end = -1;
  for (const standIn of STAND_INS) {
    const messages = context.messages.with(index, standInFor(context.messages[index], standIn, reasoning));
    const other = template.plain({ ...context, messages }).text;
    if (other === '') return undefined;
    const [from, to] = changed(text, other);
    start = Math.min(start, from);
    end = Math.max(end, to);
  }
  if (end <= start) return null;
  const first = firstWhere(encoding.ends, (value) => value > start);
  const behind = firstWhere(encoding.starts, (value) => value >= end);
  return first >= encoding.ids.length ? undefined : [first, behind];
}

/**
 * As axolotl 0.18 finds them: what changes in the tokens of the messages up to this one. Their indices are then taken for
 * those of the whole row, which is wrong where the template prints a last message in another way (Qwen3's thoughts).
 */
export function turnByTokens(input: ToolInput, index: number, reasoning: Value): Range | null {
  const { context } = input;
  const before = context.messages.slice(0, index);
  const own = context.messages[index]!;
  const other = idsOf(input, [...before, standInFor(own, STAND_INS[0], reasoning)]);
  const whole = idsOf(input, [...before, own]);
  const shorter = Math.min(other.length, whole.length);
  let start = 0;
  while (start < shorter && other[start] === whole[start]) start++;
  let same = 0;
  while (same < shorter && other[other.length - 1 - same] === whole[whole.length - 1 - same]) same++;
  return start === shorter || same === shorter ? null : [start, whole.length - same];
}

function idsOf({ template, context, tokenizer }: ToolInput, messages: readonly Message[]): Int32Array {
  const last = context.messages.length - 1;
  const args = last === 0 ? context.args : new Map([...context.args, ['real_last_index', last] as const]);
  return tokenizer.encode(template.plain({ ...context, messages, args }).text).ids;
}

function standInFor(message: Message | undefined, standIn: string, reasoning: Value): Message {
  const turn = new Map<string, Value>([
    ['role', message?.get('role') ?? null],
    ['content', standIn],
  ]);
  return reasoning === null ? turn : turn.set('reasoning_content', reasoning);
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
