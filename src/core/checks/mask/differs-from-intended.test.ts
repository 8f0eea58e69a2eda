import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CONVERSATIONS, TEMPLATES } from '../../../../test/parity/mask-defects/cases.ts';
import { analyzeRow } from '../../analysis.ts';
import { DEFAULT_SETTINGS } from '../../config.ts';
import { makeEngine } from '../../engine.ts';
import { bundleOf } from '../../tokenizer/bundle.ts';
import type { Problem } from '../problem.ts';

function problemsOf(tokenizer: string, template: string, row: object): readonly Problem[] {
  const file = new URL(`../../../../test/fixtures/tokenizers/${tokenizer}.json`, import.meta.url);
  const bundle = bundleOf({ id: tokenizer, tokenizerJson: readFileSync(file, 'utf8') });
  const engine = makeEngine(bundle, { name: 'test', byKind: { default: template } }, DEFAULT_SETTINGS);
  return analyzeRow(JSON.stringify(row), engine, 'messages').problems.filter(
    ({ code }) => code === 'mask/differs-from-intended' || code === 'mask/no-trained-tokens',
  );
}

const analyzed = (tokenizer: string, template: string, conversation: string): readonly Problem[] =>
  problemsOf(tokenizer, TEMPLATES[template] ?? '', { messages: CONVERSATIONS[conversation] });

/** The causes, each with its counts and turns. */
test.each([
  ['bytes-qwen', 'content', 'two', []],
  ['bytes-qwen', 'bare', 'letter', ['B1 +8 -0 in 0']],
  ['bytes-roberta', 'line break in', 'four', ['B2 +11 -0 in 1']],
  ['bytes-roberta', 'content', 'emoji', ['B4 +0 -4 in 1,3']],
  ['bytes-qwen', 'macro', 'two', ['B6']],
  ['bytes-qwen', 'set block', 'four', ['B6']],
  ['bytes-gpt2', 'inside a word', 'empty later', ['B7 +1 -0 in 1']],
] as const)('%s, %s, %s', (tokenizer, template, conversation, expected) => {
  const found = analyzed(tokenizer, template, conversation).map(({ data = {} }) =>
    data['cause'] === 'B6' ? 'B6' : `${data['cause']} +${data['extra']} -${data['lost']} in ${data['turns']}`,
  );
  expect(found).toEqual(expected);
});

test.each([
  [
    'bytes-qwen',
    'bare',
    'letter',
    'The token mask of transformers trains 8 tokens too many, about the generation block of turn 1: it ends in the first token of the row and is taken to reach to the end (B1). Let the template print something before the answer.',
  ],
  [
    'bytes-roberta',
    'content',
    'blank',
    "No token is trained: transformers' token mask loses every answer, by the generation block of turn 2: it begins with a character without a token, white space that the tokenizer trims off its offsets, and is lost with all that follow (B3). Begin the block behind the white space in the template, or choose a mask that does not use generation blocks.",
  ],
  [
    'bytes-qwen',
    'bare',
    'empty first',
    'No token is trained: transformers raises an OverflowError, since a generation block at the very beginning of the text is empty (B5), and the trainer stops there. Fill that answer, or remove the row.',
  ],
])('says of %s, %s, %s', (tokenizer, template, conversation, sentence) => {
  expect(analyzed(tokenizer, template, conversation).map(({ message }) => message)).toEqual([sentence]);
});

test('a row with images says that its ids are those of the text (B10)', () => {
  const content = [
    { type: 'image', url: 'x.png' },
    { type: 'text', text: 'What is it?' },
  ];
  const template =
    "{% for m in messages %}{% if m.role == 'assistant' %}A: {% generation %}{{ m.content }}|{% endgeneration %}{% else %}Q{% endif %}{% endfor %}";
  const row = {
    messages: [
      { role: 'user', content },
      { role: 'assistant', content: 'A jar.' },
    ],
  };
  const [problem] = problemsOf('bytes-qwen', template, row);
  expect(problem).toMatchObject({ severity: 'information', pointer: '/messages/0', data: { cause: 'B10' } });
  const column = {
    messages: [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
    ],
    images: ['x.png'],
  };
  expect(problemsOf('bytes-qwen', template, column)[0]).toMatchObject({ pointer: '/images' });
});
