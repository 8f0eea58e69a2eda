// Small templates and a small tokenizer for the tests of this folder.
import type { MaskSpec } from '../config.ts';
import type { ChatConversation } from '../formats/conversation.ts';
import { parsePlain } from '../jsonl/plain.ts';
import { isObject, type Value } from '../jsonl/value.ts';
import type { ChatTemplate } from '../template/chat-template.ts';
import { compileTemplate } from '../template/compile-template.ts';
import type { Encoding, Tokenizer } from '../tokenizer/encoding.ts';
import { maskOf } from './mask-of.ts';
import type { MaskResult } from './mask-result.ts';
import { REASONS, type Reason } from './policy.ts';

const ADDED = ['<|im_start|>', '<|im_end|>', '<s>', '</s>', '<think>', '</think>', '<tool_call>', '</tool_call>'];
const TOKEN = new RegExp(`${ADDED.map((token) => token.replace(/\|/g, '\\|')).join('|')}|\\n+|\\s?[^\\s<]+|[^]`, 'gu');

/** Added tokens, runs of line breaks, words with the space before them. Ids are made up as they come. */
export function wordTokenizer(): Tokenizer {
  const ids = new Map(ADDED.map((token, id) => [token, id]));
  const spelled = [...ADDED];
  const encode = (text: string): Encoding => {
    const matches = [...text.matchAll(TOKEN)];
    for (const [token] of matches)
      if (!ids.has(token)) {
        ids.set(token, spelled.length);
        spelled.push(token);
      }
    return {
      ids: Int32Array.from(matches, ([token]) => ids.get(token)!),
      starts: Int32Array.from(matches, (match) => match.index),
      ends: Int32Array.from(matches, (match) => match.index + match[0].length),
    };
  };
  return {
    id: 'words',
    encode,
    tokenText: (id) => spelled[id] ?? '',
    tokenBytes: (id) => new TextEncoder().encode(spelled[id] ?? ''),
    vocabSize: 1 << 20,
    addedTokens: ADDED.map((content, id) => ({ id, content, special: true })),
  };
}

export const CHATML = compileTemplate(
  'chatml',
  `{%- for m in messages %}{{- '<|im_start|>' + m.role + '\\n' }}
{%- if m.reasoning_content %}{{- '<think>\\n' + m.reasoning_content + '\\n</think>\\n\\n' }}{%- endif %}
{{- m.content }}
{%- for call in m.tool_calls or [] %}{{- '\\n<tool_call>\\n' + (call.function | tojson) + '\\n</tool_call>' }}{%- endfor %}
{{- '<|im_end|>\\n' }}{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}`,
);

export const MARKED = compileTemplate(
  'marked',
  `{%- for m in messages %}{{- '<|im_start|>' + m.role + '\\n' }}
{%- if m.role == 'assistant' %}{%- generation %}{{- '<think>\\n\\n</think>\\n\\n' + m.content + '<|im_end|>' }}{%- endgeneration %}{{- '\\n' }}
{%- else %}{{- m.content + '<|im_end|>\\n' }}{%- endif %}{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}`,
);

export interface Row {
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  readonly flags?: readonly (boolean | undefined)[];
  readonly part?: ChatConversation['part'];
  readonly completionFrom?: number;
}

export const user = (content: string): Record<string, unknown> => ({ role: 'user', content });
export const assistant = (content: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  role: 'assistant',
  content,
  ...more,
});

export interface Shown {
  readonly text: string;
  readonly mask: MaskResult;
  /** Text of the trained tokens, one string per run. */
  readonly trained: readonly string[];
  /** Runs of tokens of one message and reason: `[message, reason, text]`. */
  readonly runs: readonly (readonly [number, Reason, string])[];
}

export function show(template: ChatTemplate, row: Row, spec: MaskSpec, maxLength = 1000): Shown {
  const tokenizer = wordTokenizer();
  const messages = row.messages.map(parsePlain).filter(isObject);
  const args = new Map<string, Value>([
    ['bos_token', '<s>'],
    ['eos_token', '<|im_end|>'],
  ]);
  const context = { messages, tools: null, args, addGenerationPrompt: false };
  const rendering = template.traced(context);
  const encoding = tokenizer.encode(rendering.text);
  const mask = maskOf({
    conversation: {
      kind: 'chat',
      part: row.part ?? 'row',
      messages,
      tools: null,
      templateArgs: new Map(),
      sources: new Map(),
      trainFlags: row.flags ?? messages.map(() => undefined),
      completionFrom: row.completionFrom ?? null,
    },
    template,
    context,
    rendering,
    encoding,
    tokenizer,
    specialTokens: { bos_token: '<s>', eos_token: '<|im_end|>' },
    spec,
    maxLength,
  });
  const { text } = rendering;
  const trained: string[] = [];
  const runs: [number, Reason, string][] = [];
  encoding.starts.forEach((start, i) => {
    const token = text.slice(start, encoding.ends[i]);
    if (mask.trained[i] === 1) {
      if (mask.trained[i - 1] === 1) trained[trained.length - 1] += token;
      else trained.push(token);
    }
    const reason = REASONS[mask.reasons[i]!]!;
    const last = runs[runs.length - 1];
    if (last !== undefined && last[0] === mask.turns[i] && last[1] === reason) last[2] += token;
    else runs.push([mask.turns[i]!, reason, token]);
  });
  return { text, mask, trained, runs };
}
