// Templates and conversations that meet each known defect of transformers' `return_assistant_tokens_mask`, under tokenizers
// that trim white space off their offsets and others. Golden answers are in golden.json.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePlain } from '../../../src/core/jsonl/plain.ts';
import { isObject, type Range } from '../../../src/core/jsonl/value.ts';
import { projectExact, raisesInPython } from '../../../src/core/mask/project.ts';
import { compileTemplate } from '../../../src/core/template/compile-template.ts';
import type { Encoding, Tokenizer } from '../../../src/core/tokenizer/encoding.ts';
import { createTokenizer } from '../../../src/core/tokenizer/load.ts';

/** Of test/fixtures/tokenizers: the first three trim, WordPiece drops white space, Gemma's falls back to bytes. */
export const TOKENIZERS = [
  'bytes-roberta',
  'bytes-added',
  'bytes-qwen',
  'bytes-gpt2',
  'chars-gemma',
  'chars-llama',
  'wordpiece',
  'unigram',
];

const turns = (answer: string, header = "'<|im_start|>' + m.role + '\\n'"): string =>
  `{%- for m in messages %}{{- ${header} }}{%- if m.role == 'assistant' %}${answer}{%- else %}{{- m.content + '<|im_end|>\\n' }}{%- endif %}{%- endfor %}`;
const block = (body: string): string => `{%- generation %}${body}{%- endgeneration %}`;

export const TEMPLATES: Readonly<Record<string, string>> = {
  content: turns(`${block('{{- m.content }}')}{{- '<|im_end|>\\n' }}`),
  closed: turns(`${block("{{- m.content + '<|im_end|>' }}")}{{- '\\n' }}`),
  'line break in': turns(block("{{- m.content + '<|im_end|>\\n' }}")),
  'space first': turns(`${block("{{- ' ' + m.content + '\\n' }}")}`, "m.role + ':'"),
  bare: turns(`${block('{{- m.content }}')}{{- '|' }}`, "''"),
  'stop apart': turns(`${block('{{- m.content }}')}${block("{{- '<|im_end|>' }}")}{{- '\\n' }}`),
  'inside a word': turns(`${block('{{- m.content }}')}{{- 'end\\n' }}`, "m.role + ' '"),
  macro: `{%- macro turn(m) %}{{- '<|im_start|>' + m.role + '\\n' }}{%- if m.role == 'assistant' %}${block('{{- m.content }}')}{%- else %}{{- m.content }}{%- endif %}{{- '<|im_end|>\\n' }}{%- endmacro %}{%- for m in messages %}{{- turn(m) }}{%- endfor %}`,
  'set block': `{%- for m in messages %}{%- set text %}{{- m.role + ': ' }}{%- if m.role == 'assistant' %}${block('{{- m.content }}')}{%- else %}{{- m.content }}{%- endif %}{%- endset %}{{- '> ' + text + '\\n' }}{%- endfor %}`,
  'call block': `{%- macro frame(role) %}{{- '<|im_start|>' + role + '\\n' }}{{- caller() }}{{- '<|im_end|>\\n' }}{%- endmacro %}{%- for m in messages %}{%- call frame(m.role) %}{%- if m.role == 'assistant' %}${block('{{- m.content }}')}{%- else %}{{- m.content }}{%- endif %}{%- endcall %}{%- endfor %}`,
};

const user = (content: string) => ({ role: 'user', content });
const answer = (content: string) => ({ role: 'assistant', content });

export const CONVERSATIONS: Readonly<Record<string, readonly { readonly role: string; readonly content: string }[]>> = {
  two: [user('Is the train late?'), answer('By ten minutes.')],
  four: [user('One'), answer('Two three'), user('Four'), answer('Five.')],
  'answer first': [answer('Hello, what is it?'), user('A train'), answer('Which one?')],
  letter: [answer('A'), user('B'), answer('C'), user('D')],
  'empty first': [answer(''), user('Hi'), answer('Yes')],
  'empty later': [user('Hi'), answer(''), user('Hello?'), answer('Yes')],
  emoji: [user('Hi'), answer('Done 🫙'), user('Thanks'), answer('👩‍🌾 ok 🧑🏽‍🚀')],
  scripts: [user('你好'), answer('火車晚點了'), user('ok'), answer('नमस्ते')],
  'white space': [user(' a '), answer('  indented\n'), user('b'), answer('\n\tc \n\n')],
  blank: [user('a'), answer(' '), user('b'), answer('\n')],
};

export function readTokenizer(root: string, name: string): Tokenizer {
  return createTokenizer(
    name,
    JSON.parse(readFileSync(join(root, 'test/fixtures/tokenizers', `${name}.json`), 'utf8')),
  );
}

export interface Found {
  readonly text: string;
  readonly encoding: Encoding;
  readonly spans: readonly Range[];
  /** Null where Python raises an OverflowError. */
  readonly mask: Uint8Array | null;
}

export function maskOfCase(tokenizer: Tokenizer, template: string, conversation: string): Found {
  const context = {
    messages: (CONVERSATIONS[conversation] ?? []).map(parsePlain).filter(isObject),
    tools: null,
    args: new Map(),
    addGenerationPrompt: false,
  };
  const rendering = compileTemplate(template, TEMPLATES[template] ?? '').traced(context);
  const encoding = tokenizer.encode(rendering.text);
  const spans = rendering.generation ?? [];
  const mask = raisesInPython(encoding, spans) ? null : projectExact(encoding, spans);
  return { text: rendering.text, encoding, spans, mask };
}
