import { Float, isArray, type Range, type Value } from '../../jsonl/value.ts';
import type { Turn } from '../mask-result.ts';
import { projectIntended } from '../project.ts';
import { usualOf } from '../usual.ts';
import { type LossScale, lossScaleOf, scaledRanges } from './ms-swift-loss-scale.ts';
import { HYBRID, RESULTS_AFTER_ANSWERS, RESULTS_AFTER_USERS, WITH_TOOLS } from './ms-swift-templates.ts';
import { plainPrints } from './plain-prints.ts';
import type { ToolInput, ToolLabels, ToolOptions } from './tool.ts';

type Message = ReadonlyMap<string, Value>;

const ORDER =
  'ms-swift leaves this row out: after a leading system message it takes user, assistant and tool messages only, with a tool message behind an assistant or user message and an assistant message behind it. Change the row or leave it out.';
const NO_TEXT =
  'ms-swift leaves this row out: an assistant message in the middle has no content. Write "" or the text that is missing.';
const NO_TOOLS =
  'ms-swift leaves this row out: its template does not know how to write tools. Set agent_template, or leave the row out.';
const UNKNOWN_SCALE = 'ms-swift knows no such loss_scale. Correct its name.';

export function msSwiftLabels(input: ToolInput, options: ToolOptions): ToolLabels {
  const { encoding, conversation, roles } = input;
  const count = encoding.ids.length;
  const refuse = (refused: string): ToolLabels => ({ trained: new Uint8Array(count), refused });
  const scale = lossScaleOf(String(options['loss_scale']));
  if (scale === null) return refuse(UNKNOWN_SCALE);
  const jinja = options['template_backend'] === 'jinja';
  if (needsTools(input, jinja) && !writesTools(options)) return refuse(NO_TOOLS);
  if (jinja) return { trained: allButFirst(count) };
  const refused = refusal(conversation.messages, roles, takesResultsAfterUsers(options));
  if (refused !== null) return refuse(refused);
  const trained = trainedTokens(input, scaleOf(input, scale, options));
  trained[0] = 0;
  return { trained };
}

const allButFirst = (count: number): Uint8Array => new Uint8Array(count).fill(1, 1);

const isFilled = (value: Value | undefined): boolean => isArray(value) && value.length > 0;

/** Whether ms-swift has to write tools, calls or results: the chat template writes results itself. */
const needsTools = ({ conversation, roles }: ToolInput, jinja: boolean): boolean =>
  isFilled(conversation.tools) ||
  conversation.messages.some((message, i) => roles[i] === 'assistant' && isFilled(message.get('tool_calls'))) ||
  (!jinja && roles.includes('tool'));

/** Without a template's name it is taken for one that can. */
const writesTools = ({ template, agent_template }: ToolOptions): boolean =>
  typeof agent_template === 'string' || typeof template !== 'string' || WITH_TOOLS.has(template);

/** The command line adds a scale for templates that open an answer without a thought by an empty one. */
function scaleOf(input: ToolInput, scale: LossScale, options: ToolOptions): LossScale {
  const { template, disable_ignore_empty_think, loss_scale } = options;
  if (disable_ignore_empty_think === true || String(loss_scale).includes('ignore_empty_think')) return scale;
  const hybrid =
    typeof template === 'string' ? HYBRID.has(template) : /<think>\s*<\/think>/.test(plainPrints(input).answer);
  return hybrid ? { ...scale, scales: [...scale.scales, ...lossScaleOf('ignore_empty_think')!.scales] } : scale;
}

/** Python's truth of a flag or a number; undefined where the message has none. */
function truthOf(value: Value | undefined): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  return value instanceof Float ? value.value !== 0 : Boolean(value);
}

/** Whether a tool's result may stand right behind a user message, where it becomes a part of it. */
const takesResultsAfterUsers = ({ template, agent_template }: ToolOptions): boolean =>
  typeof agent_template === 'string'
    ? RESULTS_AFTER_USERS.has(agent_template)
    : typeof template !== 'string' || !RESULTS_AFTER_ANSWERS.has(template);

/** Tokens of the answers that carry loss, and the end-of-turn tokens that ms-swift adds to them. */
function trainedTokens(input: ToolInput, scale: LossScale): Uint8Array {
  const { encoding, rendering, conversation, roles } = input;
  const { text } = rendering;
  const trained = new Uint8Array(encoding.ids.length).fill(scale.base === 'all' ? 1 : 0);
  const turns = input.turns().filter(({ message }) => roles[message] === 'assistant');
  const lastQuestion = roles.findLastIndex((role) => role === 'user' || role === 'tool');
  for (const turn of turns) {
    const start = turn.roleEnd;
    const end = Math.max(start, answerEnd(turn));
    const message = conversation.messages[turn.message]!;
    const mark = (ranges: readonly Range[], bit: 0 | 1): void =>
      projectIntended(encoding, ranges).forEach((inside, token) => {
        if (inside === 1) trained[token] = bit;
      });
    mark([[start, end]], 0);
    const wanted = scale.base === 'last_round' ? turn.message > lastQuestion : true;
    if (!(truthOf(message.get('loss')) ?? wanted)) continue;
    const weighted = truthOf(message.get('loss_scale'));
    if (weighted === false) continue;
    const query = conversation.messages[turn.message - 1]?.get('content');
    const ranges: readonly Range[] = weighted
      ? [[0, end - start]]
      : scaledRanges(scale, text.slice(start, end), typeof query === 'string' ? query : null);
    mark(
      ranges.map(([from, to]): Range => [start + from, start + to]),
      1,
    );
  }
  const suffix = suffixOf(input, turns.at(-1));
  if (turns.at(-1)?.message === roles.length - 1) trained.fill(1, trained.length - suffix.length);
  trainEnds(trained, encoding.ids, suffix);
  return trained;
}

/** An answer reaches to the token that ends its turn. */
const answerEnd = ({ stop, contentEnd }: Turn): number => (stop === null ? contentEnd : stop[0]);

/** The tokens behind a last answer; where the row does not end with one, those that the template would print there. */
function suffixOf(
  { encoding, roles, template, context, markers, tokenizer }: ToolInput,
  last: Turn | undefined,
): Int32Array {
  if (last?.message === roles.length - 1) {
    const end = Math.max(last.roleEnd, answerEnd(last));
    const first = encoding.starts.findIndex((start) => start >= end);
    return first < 0 ? new Int32Array() : encoding.ids.slice(first);
  }
  return tokenizer.encode(usualOf(template, context, markers).tail ?? '').ids;
}

/** Where tokens without loss follow one that has it, and begin with the suffix, the suffix gets loss, too (`_add_dynamic_eos`). */
function trainEnds(trained: Uint8Array, ids: Int32Array, suffix: Int32Array): void {
  let start = 0;
  for (let i = 1; i <= trained.length; i++) {
    if (trained[i - 1] === 1 && trained[i] === 0) start = i;
    else if (start > 0 && trained[i - 1] === 0 && trained[i] !== 0) {
      const fits = i - start >= suffix.length && suffix.every((id, k) => ids[start + k] === id);
      if (fits) trained.fill(1, start, start + suffix.length);
    }
  }
}

/** The turns as the encoder pairs them, neighbors of one role merged: why they do not pair, or null. */
function refusal(messages: readonly Message[], roles: readonly string[], afterUsers: boolean): string | null {
  const from = roles[0] === 'system' ? 1 : 0;
  const turns: string[] = [];
  for (let i = from; i < roles.length; i++) {
    const role = roles[i]!;
    const before = turns.at(-1);
    if (!PAIRED.has(role)) return ORDER;
    if (role === 'tool' && before === undefined) return ORDER;
    // results without a call are folded into the question before them
    if (role === 'tool' && before === 'user') {
      if (!afterUsers) return ORDER;
      continue;
    }
    if (role !== before) turns.push(role);
    if (role === 'assistant' && i < roles.length - 1 && hasNoText(messages[i]!)) return NO_TEXT;
  }
  if (turns.length === 0) return ORDER;
  // a row that begins with an answer gets an empty question
  if (turns[0] === 'assistant') turns.unshift('user');
  return turns.every((role, i) => (role === 'assistant') === (i % 2 === 1)) ? null : ORDER;
}

const PAIRED = new Set(['user', 'assistant', 'tool']);

function hasNoText(message: Message): boolean {
  return (message.get('content') ?? null) === null && !isFilled(message.get('tool_calls'));
}
