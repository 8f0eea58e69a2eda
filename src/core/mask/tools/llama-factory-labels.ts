import type { Range } from '../../jsonl/value.ts';
import type { Turn } from '../mask-result.ts';
import { projectIntended } from '../project.ts';
import { type FactoryAnswer, factoryRow } from './llama-factory-rows.ts';
import { isOwnStop } from './own-stop.ts';
import { plainPrints } from './plain-prints.ts';
import type { OptionValue, ToolInput, ToolLabels, ToolOptions } from './tool.ts';

type ThoughtWords = readonly [open: string, close: string];
const THOUGHT: ThoughtWords = ['<think>\n', '\n</think>\n\n'];
const CLOSE_THOUGHT: ThoughtWords = ['<think>', '</think>'];

/** Templates that put a thought into each answer (`ReasoningTemplate` of 0.9.5), with what opens and closes it. */
export const REASONING_TEMPLATES: Readonly<Record<string, ThoughtWords>> = {
  aeva: CLOSE_THOUGHT,
  deepseekr1: THOUGHT,
  ernie_vl: THOUGHT,
  gemma4: ['<|channel>thought\n', '<channel|>'],
  gemma4n: ['<|channel>thought\n', '<channel|>'],
  glm4_5v: THOUGHT,
  glm4_7: CLOSE_THOUGHT,
  glm4_moe: THOUGHT,
  glm4v: THOUGHT,
  glmz1: THOUGHT,
  gpt_oss: ['<|channel|>analysis<|message|>', '<|end|><|start|>assistant<|channel|>final<|message|>'],
  hy3: CLOSE_THOUGHT,
  keye_vl: THOUGHT,
  kimi_vl: ['◁think▷', '◁/think▷'],
  mimo: THOUGHT,
  mimo_v2: CLOSE_THOUGHT,
  mimo_vl: THOUGHT,
  minimax2: THOUGHT,
  qwen3: THOUGHT,
  qwen3_5: THOUGHT,
  qwen3_6: THOUGHT,
  qwen3_omni: THOUGHT,
  qwen3_vl: THOUGHT,
  seed_oss: ['<seed:think>', '</seed:think>'],
  youtu: THOUGHT,
};

/** Templates whose empty thought is its closing word alone. */
export const CLOSING_WORD_ONLY: ReadonlySet<string> = new Set(['aeva', 'glm4_7']);

/** Templates with `efficient_eos` (0.9.5): one EOS ends the row, and stands as the label of each turn's first token behind the first. */
export const EFFICIENT_EOS: ReadonlySet<string> = new Set([
  'aeva',
  'bailing',
  'bailing_v2',
  'breeze',
  'chatglm3',
  'dots_ocr',
  'falcon',
  'fewshot',
  'gemma2',
  'glm4',
  'glm4_5v',
  'glm4_7',
  'glm4_moe',
  'glm4v',
  'glm_ocr',
  'glmz1',
  'gpt_oss',
  'index',
  'solar',
  'yi_vl',
]);

const SETTINGS_CLASH = 'LLaMA-Factory refuses mask_history together with train_on_prompt. Switch one of them off.';
const EOS_CLASH =
  'LLaMA-Factory refuses train_on_prompt with this template (efficient_eos). Switch it off or take another template.';

const UNREADABLE =
  'LLaMA-Factory cannot read a template off this chat template, which refuses or leaves out a message that stands alone. Set template.';

export function llamaFactoryLabels(input: ToolInput, options: ToolOptions): ToolLabels {
  const { encoding, conversation, roles } = input;
  const count = encoding.ids.length;
  const efficientEos = typeof options['template'] === 'string' && EFFICIENT_EOS.has(options['template']);
  const onPrompt = options['train_on_prompt'] === true;
  const lastOnly = options['mask_history'] === true;
  const row = factoryRow(conversation.messages, roles, options['formatting'] === 'openai' ? 'openai' : 'sharegpt');
  const clash = !onPrompt ? null : lastOnly ? SETTINGS_CLASH : efficientEos ? EOS_CLASH : null;
  if (clash !== null) return { trained: new Uint8Array(count), refused: clash };
  if (options['template'] === null && !plainPrints(input).readable)
    return { trained: new Uint8Array(count), refused: UNREADABLE };
  if ('refused' in row) return { trained: new Uint8Array(count), refused: row.refused };
  if (onPrompt) return { trained: new Uint8Array(count).fill(1) };

  const spans = answerSpans(input, row.answers, options);
  const trained = projectIntended(encoding, lastOnly ? spans.slice(-1) : spans);
  if (efficientEos) labelEos(input, trained, spans, lastOnly);
  return { trained };
}

/** Of each answer the text of its piece: from behind the header, or behind a thought that was put there untrained. */
function answerSpans(input: ToolInput, answers: readonly FactoryAnswer[], options: ToolOptions): Range[] {
  const { text } = input.rendering;
  const turns = new Map(input.turns().map((turn): [number, Turn] => [turn.message, turn]));
  const words = thoughtWords(options['template']!);
  const empty = emptyThought(options['template']!, words);
  const removes = options['enable_thinking'] === false && isReasoning(input, options['template']!);
  // a template that is read off the chat template has the whole generation prompt in its question
  const prompt = options['template'] === null ? plainPrints(input).header : null;
  const spans: Range[] = [];
  answers.forEach(({ message, content }, i) => {
    const turn = turns.get(message);
    if (turn === undefined) return;
    const own = removes ? withoutThought(content, words) : content;
    const printed = prompt !== null && text.startsWith(prompt, turn.headerStart);
    const begin = printed ? turn.headerStart + prompt.length : turn.roleEnd;
    const inserted = words.every((word) => !own.includes(word.trim())) && text.startsWith(empty, begin);
    const start = inserted && options['enable_thinking'] !== true ? begin + empty.length : begin;
    const after = turn.stop === null || isOwnStop(input, turn) ? turn.after : turn.contentEnd;
    spans.push([start, i === answers.length - 1 ? text.length : after]);
  });
  return spans;
}

const thoughtWords = (template: OptionValue): ThoughtWords =>
  (typeof template === 'string' ? REASONING_TEMPLATES[template] : undefined) ?? THOUGHT;

const emptyThought = (template: OptionValue, [open, close]: ThoughtWords): string =>
  typeof template === 'string' && CLOSING_WORD_ONLY.has(template) ? close : open + close;

/** A thought is cut out with the line breaks that then lead the answer (`remove_thought`). */
function withoutThought(content: string, [open, close]: ThoughtWords): string {
  let rest = content;
  for (let at = rest.indexOf(open); at >= 0; at = rest.indexOf(open, at)) {
    const end = rest.indexOf(close, at + open.length);
    if (end < 0) break;
    rest = rest.slice(0, at) + rest.slice(end + close.length);
  }
  return rest.replace(/^\n+/, '');
}

/** A template that is read off the chat template is one of reasoning where that prints `<think>` in a plain answer. */
const isReasoning = (input: ToolInput, template: OptionValue): boolean =>
  typeof template === 'string' ? template in REASONING_TEMPLATES : plainPrints(input).answer.includes('<think>');

/**
 * With `efficient_eos` the row's last token is EOS and trained, and the first token of each later question carries EOS
 * as its label. Under `mask_history` the pairs are gone through backwards: the first of all questions has it, the last not.
 */
function labelEos({ encoding }: ToolInput, trained: Uint8Array, spans: readonly Range[], lastOnly: boolean): void {
  const firstOf = (at: number): number => encoding.starts.findIndex((start) => start >= at);
  const ends = spans.slice(0, -1).map(([, end]) => end);
  const questions = lastOnly ? [0, ...ends.slice(0, -1)] : ends;
  if (spans.length > 1) for (const at of questions) trained[firstOf(at)] = 1;
  trained[trained.length - 1] = 1;
}
