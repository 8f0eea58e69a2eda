import type { Settings } from '../../config.ts';
import type { FormatName } from '../../formats/format.ts';

/** A row that a check is about. */
export interface Case {
  readonly code: string;
  /** Where one code has more than one kind. */
  readonly kind?: string;
  /** The row: its text, or the value that is written as JSON. */
  readonly row: unknown;
  readonly format?: FormatName;
  readonly settings?: Partial<Settings>;
  /** Source of a chat template; else Qwen3's. */
  readonly template?: string;
}

const user = (content: unknown, more: object = {}) => ({ role: 'user', content, ...more });
const answer = (content: unknown, more: object = {}) => ({ role: 'assistant', content, ...more });
const call = (name: string, args: unknown, id?: string) => ({
  ...(id && { id }),
  type: 'function',
  function: { name, arguments: args },
});
const calls = (...tool_calls: object[]) => ({ role: 'assistant', content: '', tool_calls });
const result = (content: string, more: object = {}) => ({ role: 'tool', content, ...more });
const chat = (...messages: unknown[]) => ({ messages });

const TOOLS = [
  {
    type: 'function',
    function: {
      name: 'get_repair',
      parameters: {
        type: 'object',
        properties: { ticket: { type: 'integer' }, unit: { type: 'string', enum: ['day', 'hour'] } },
        required: ['ticket'],
      },
    },
  },
];

const PLAIN = '{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}';
const OPEN =
  '{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}{% if not loop.last %}<|im_end|>\n{% endif %}{% endfor %}';
const CHATML =
  '{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}';
/** Of a model that has other tokens. */
const FOREIGN =
  '{% for m in messages %}<|start_header_id|>{{ m.role }}<|end_header_id|>\n\n{{ m.content }}<|eot_id|>{% endfor %}';
/** The block ends before the end of turn. */
const SHORT =
  "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{% endgeneration %}{% else %}{{ m.content }}{% endif %}<|im_end|>\n{% endfor %}";
/** Refuses what does not end with the assistant, and has no generation prompt. */
const REFUSES =
  "{% if messages[-1].role != 'assistant' %}{{ raise_exception('Ends with an assistant turn only') }}{% endif %}{% for m in messages %}{{ m.content }}<|im_end|>{% endfor %}";
const NO_SYSTEM = `{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}${CHATML}`;
const LONG = Array.from({ length: 40 }, (_, i) => `Part ${i} of the answer.`).join(' ');

export const CASES: readonly Case[] = [
  {
    code: 'json/syntax',
    row: '{"messages": [{"role": "user", "content": "Hi"} {"role": "assistant", "content": "Yes."}]}',
  },
  { code: 'json/not-object', row: [user('Hi'), answer('Yes.')] },
  {
    code: 'json/duplicate-key',
    row: '{"messages": [{"role": "user", "content": "a", "content": "b"}, {"role": "assistant", "content": "Yes."}]}',
  },
  {
    code: 'json/lone-surrogate',
    row: '{"messages": [{"role": "user", "content": "Hi \\ud83d"}, {"role": "assistant", "content": "Yes."}]}',
  },
  {
    code: 'json/not-finite',
    kind: 'word',
    row: '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes."}], "score": NaN}',
  },
  {
    code: 'json/not-finite',
    kind: 'too large',
    row: '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes."}], "score": 1e999}',
  },
  { code: 'schema/field', kind: 'type', row: chat(user('Hi'), answer(42)) },
  { code: 'schema/field', kind: 'missing', row: { instruction: 'Name a part.', input: '' }, format: 'alpaca' },
  { code: 'format/unknown', row: { claim: 'x', id: 1 }, format: 'unknown' },
  { code: 'format/nothing-read', row: { chosen: [], rejected: [] }, format: 'preference' },
  { code: 'roles/unknown', kind: 'slip', row: chat(user('Hi'), { role: 'asistant', content: 'Yes.' }) },
  {
    code: 'roles/unknown',
    kind: 'strange',
    row: chat(user('Hi'), answer('Yes.'), { role: 'narrator', content: 'End.' }, answer('Bye.')),
  },
  { code: 'roles/order', kind: 'two users', row: chat(user('Hi'), user('Hello?'), answer('Yes.')) },
  {
    code: 'roles/order',
    kind: 'late system',
    row: chat(user('Hi'), { role: 'system', content: 'Be brief.' }, answer('Yes.')),
  },
  { code: 'roles/order', kind: 'assistant first', row: chat(answer('Welcome.'), user('Hi'), answer('Yes.')) },
  { code: 'roles/no-assistant', row: chat(user('Hi')) },
  { code: 'roles/no-assistant', kind: 'all trained', row: chat(user('Hi')), settings: { mask: 'full' } },
  { code: 'roles/no-user', row: chat({ role: 'system', content: 'Be brief.' }, answer('Yes.')) },
  { code: 'roles/last-not-assistant', row: chat(user('Hi'), answer('Yes.'), user('Thanks.')) },
  { code: 'messages/consecutive-assistant', row: chat(user('Hi'), answer('Yes.'), answer('What is it?')) },
  { code: 'content/empty', kind: 'answer', row: chat(user('Hi'), answer('')) },
  { code: 'content/empty', kind: 'blank user', row: chat(user(' \n'), answer('Yes.')) },
  {
    code: 'content/empty',
    kind: 'after reasoning',
    row: chat(user('Hi'), answer('', { reasoning_content: 'They greet.' })),
  },
  { code: 'content/empty', kind: 'system', row: chat({ role: 'system', content: '' }, user('Hi'), answer('Yes.')) },
  {
    code: 'content/empty',
    kind: 'alpaca',
    row: { instruction: 'Name a part.', input: '', output: '' },
    format: 'alpaca',
  },
  { code: 'content/empty', kind: 'completion', row: { prompt: 'Q: ', completion: '' }, format: 'prompt-completion' },
  { code: 'content/null', kind: 'null', row: chat(user('Hi'), answer(null)), template: PLAIN },
  { code: 'content/whitespace-edge', row: chat(user('Hi'), answer(' Yes.\n')), template: CHATML },
  { code: 'content/replacement-character', row: chat(user('Stra\ufffde?'), answer('Yes.')) },
  { code: 'content/control-character', row: chat(user('Hi'), answer('\u001bYes.')) },
  { code: 'thinking/mixed', row: chat(user('a'), answer('b', { reasoning_content: 'Hm.' }), user('c'), answer('d')) },
  { code: 'thinking/unclosed', row: chat(user('Hi'), answer('<think>They greet')) },
  { code: 'tools/arguments-not-json', row: chat(user('Hi'), calls(call('get_repair', '{"ticket" 1}'))) },
  { code: 'tools/arguments-not-json', kind: 'empty', row: chat(user('Hi'), calls(call('get_repair', ''))) },
  {
    code: 'tools/arguments-type',
    kind: 'twice',
    row: chat(user('Hi'), calls(call('get_repair', '"{\\"ticket\\": 1}"'))),
  },
  { code: 'tools/arguments-type', kind: 'list', row: chat(user('Hi'), calls(call('get_repair', '[1]'))) },
  {
    code: 'tools/arguments-schema',
    kind: 'type in text',
    row: { ...chat(user('Hi'), calls(call('get_repair', '{"ticket": "4471"}'))), tools: TOOLS },
  },
  {
    code: 'tools/arguments-schema',
    kind: 'type',
    row: { ...chat(user('Hi'), calls(call('get_repair', { ticket: '4471' }))), tools: TOOLS },
  },
  {
    code: 'tools/arguments-schema',
    kind: 'required',
    row: { ...chat(user('Hi'), calls(call('get_repair', {}))), tools: TOOLS },
  },
  {
    code: 'tools/arguments-schema',
    kind: 'slip in a key',
    row: { ...chat(user('Hi'), calls(call('get_repair', { ticket: 1, uint: 'day' }))), tools: TOOLS },
  },
  {
    code: 'tools/arguments-schema',
    kind: 'enum',
    row: { ...chat(user('Hi'), calls(call('get_repair', { ticket: 1, unit: 'days' }))), tools: TOOLS },
  },
  { code: 'tools/unknown-name', row: { ...chat(user('Hi'), calls(call('get_repairs', { ticket: 1 }))), tools: TOOLS } },
  { code: 'tools/call-without-result', row: chat(user('Hi'), calls(call('f', {})), user('Well?'), answer('Yes.')) },
  {
    code: 'tools/call-without-result',
    kind: 'by id',
    row: chat(
      user('Hi'),
      calls(call('f', {}, 'a'), call('g', {}, 'b')),
      result('1', { tool_call_id: 'a' }),
      answer('Yes.'),
    ),
  },
  { code: 'tools/result-without-call', row: chat(user('Hi'), result('1'), answer('Yes.')) },
  {
    code: 'tools/result-without-call',
    kind: 'by id',
    row: chat(
      user('Hi'),
      calls(call('f', {}, 'a')),
      result('1', { tool_call_id: 'a' }),
      result('2', { tool_call_id: 'z' }),
      answer('Yes.'),
    ),
  },
  { code: 'tools/duplicate-id', row: chat(user('Hi'), calls(call('f', {}, 'a'), call('g', {}, 'a'))) },
  { code: 'tools/duplicate-name', row: { ...chat(user('Hi'), answer('Yes.')), tools: [...TOOLS, ...TOOLS] } },
  { code: 'preference/identical', row: { prompt: 'Hi\n', chosen: 'Yes.', rejected: 'Yes.' }, format: 'preference' },
  {
    code: 'preference/no-difference',
    row: { prompt: [user('Hi')], chosen: [answer('Yes.')], rejected: [answer('yes')] },
    format: 'preference',
  },
  {
    code: 'preference/prompt-differs',
    row: { chosen: [user('Is it done?'), answer('Yes.')], rejected: [user('Is it open?'), answer('No.')] },
    format: 'preference',
  },
  { code: 'kto/label-type', row: { prompt: 'Hi\n', completion: 'Yes.', label: 'false' }, format: 'kto' },
  { code: 'tokens/control-in-text', row: chat(user('What is <|im_end|>?'), answer('Yes.')) },
  {
    code: 'tokens/sanitized',
    row: chat(user('What is <|im_end|>?'), answer('It ends a turn, as </think> ends a thought.')),
    settings: { sanitizeControlTokens: true },
  },
  { code: 'tokens/boundary-merge', row: { prompt: 'The sk', completion: 'y is clear.' }, format: 'prompt-completion' },
  { code: 'tokens/id-range', row: { input_ids: [9707, 9999999], labels: [-100, 9999999] }, format: 'tokenized' },
  { code: 'tokens/labels-length', row: { input_ids: [9707, 11], labels: [9707] }, format: 'tokenized' },
  {
    code: 'template/raises',
    kind: 'raised',
    row: chat({ role: 'system', content: 'Be brief.' }, user('Hi'), answer('Yes.')),
    template: NO_SYSTEM,
  },
  { code: 'template/raises', kind: 'python', row: chat(user([{ type: 'text', text: 'Hi' }]), answer('Yes.')) },
  {
    code: 'template/invalid',
    row: chat(user('Hi'), answer('Yes.')),
    template: '{% for m in messages %}{{ m.content }}',
  },
  {
    code: 'template/limit',
    row: chat(user('Hi'), answer('Yes.')),
    template: '{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}',
  },
  { code: 'template/drops-field', kind: 'name', row: chat(user('Hi', { name: 'jo' }), answer('Yes.')) },
  {
    code: 'template/drops-field',
    kind: 'content',
    row: chat({ role: 'developer', content: 'Be brief.' }, user('Hi'), answer('Yes.')),
  },
  { code: 'template/drops-field', kind: 'calls', row: chat(user('Hi'), calls(call('f', { a: 1 }))), template: CHATML },
  {
    code: 'template/drops-field',
    kind: 'tools',
    row: { ...chat(user('Hi'), answer('Yes.')), tools: TOOLS },
    template: CHATML,
  },
  {
    code: 'template/drops-field',
    kind: 'earlier thought',
    row: chat(user('a'), answer('<think>Hm, b.</think>b'), user('c'), answer('<think>Hm, d.</think>d')),
  },
  {
    code: 'template/version-differs',
    kind: 'null',
    row: chat(user('Hi'), answer(null, { tool_calls: [call('f', { a: 1 })] }), result('1'), answer('Done.')),
    template: PLAIN,
  },
  {
    code: 'template/version-differs',
    kind: 'reasoning',
    row: chat(user('Hi'), answer('Yes.', { reasoning: 'A question.' })),
    settings: { transformers: '5.18' },
  },
  {
    code: 'template/version-differs',
    kind: 'error',
    row: chat(user('Hi'), answer(null)),
    template: "{% for m in messages %}{{ m.role + ': ' + m.content | default('') }}\n{% endfor %}",
    settings: { transformers: '5.21' },
  },
  {
    code: 'mask/no-trained-tokens',
    kind: 'weights',
    row: chat(user('Hi'), answer('Yes.', { weight: 0 })),
    settings: { mask: 'openai' },
  },
  {
    code: 'mask/no-trained-tokens',
    kind: 'markers',
    row: chat(user('Hi'), answer('Yes.')),
    settings: { mask: { markers: 'require' } },
  },
  {
    code: 'mask/no-trained-tokens',
    kind: 'labels',
    row: { input_ids: [9707, 11], labels: [-100, -100] },
    format: 'tokenized',
  },
  { code: 'mask/end-of-turn-untrained', kind: 'block', row: chat(user('Hi'), answer('Yes.')), template: SHORT },
  {
    code: 'mask/end-of-turn-untrained',
    kind: 'policy',
    row: chat(user('Hi'), answer('Yes.')),
    settings: { mask: { preset: 'trl-assistant', endOfTurn: 'none' } },
  },
  { code: 'mask/no-end-of-turn', row: chat(user('Hi'), answer('Yes.')), template: OPEN },
  { code: 'mask/end-of-turn-split', row: chat(user('Hi'), answer('Yes.')), template: FOREIGN },
  { code: 'mask/empty-think-trained', row: chat(user('Hi'), answer('Yes.')) },
  {
    code: 'mask/empty-think-trained',
    kind: 'beside a thought',
    row: chat(user('Hi'), answer('Yes.', { reasoning_content: 'Hm.' }), user('So?'), answer('Well.')),
  },
  { code: 'mask/guess', row: chat(user('Hi'), answer('Yes.')), template: REFUSES },
  {
    code: 'mask/own-text',
    row: chat(user('Hi'), answer('Yes.')),
    template: CHATML,
    settings: { mask: 'torchtune' },
  },
  {
    code: 'mask/own-text',
    kind: 'no tokens',
    row: chat(user('Hi'), answer('Yes.')),
    template: CHATML,
    settings: { mask: 'ms-swift' },
  },
  { code: 'mask/weight-ignored', row: chat(user('Hi'), answer('Hm.', { weight: 0 }), user('Well?'), answer('Yes.')) },
  { code: 'length/answer-cut', row: chat(user('Hi'), answer(LONG)), settings: { maxLength: 100 } },
  { code: 'length/prompt-only-left', row: chat(user(LONG), answer('Yes.')), settings: { maxLength: 100 } },
  { code: 'length/too-long', row: chat(user('Hi'), answer('Yes.'), user(LONG)), settings: { maxLength: 100 } },
];
