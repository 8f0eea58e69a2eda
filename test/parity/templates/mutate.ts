import type { Value } from '../../../src/core/jsonl/value.ts';
import { type RenderContext, TemplateError } from '../../../src/core/template/chat-template.ts';
import { compileTemplate } from '../../../src/core/template/compile-template.ts';
import { randomOf } from './random-program.ts';

/** What is put into a template: pieces of the language, and what makes loops, texts and numbers grow. */
const PIECES = [
  ...[
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '#}',
    '-%}',
    '{%-',
    '{{-',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    "'",
    '"',
    '\\',
    '|',
    ',',
    '.',
    ':',
  ],
  ...[
    ' if ',
    ' else ',
    ' in ',
    ' not ',
    ' is ',
    ' and ',
    '{% endif %}',
    '{% endfor %}',
    '{% else %}',
    '{% raw %}',
    '{% endraw %}',
  ],
  ...[
    '{% for x in messages %}',
    '{% for i in range(100000) %}',
    '{% if true %}',
    '{% macro m() %}',
    '{% endmacro %}',
    '{{ m() }}',
  ],
  ...[
    '{% set ns = namespace(a=[]) %}',
    '{% set ns.a = ns.a + ns.a + [1] %}',
    "{% set s = 'x' * 100000 %}",
    '{{ s * 1000 }}',
    '{{ s + s }}',
  ],
  ...[
    '{% generation %}',
    '{% endgeneration %}',
    '{% break %}',
    '{% continue %}',
    '{% block b %}',
    '{% endblock %}',
    '{% set x %}',
    '{% endset %}',
  ],
  ...[
    '| tojson',
    '| list',
    '| length',
    '| join',
    "| replace('', s)",
    '| batch(0)',
    '| indent(99999)',
    '| center(9999999)',
    '| sort',
    '| pprint',
  ],
  ...[
    '* 10',
    '** 99',
    '** 99999999',
    '* 99999999999',
    '[::-1]',
    '[0]',
    '.content',
    '.items()',
    '.append(1)',
    '.__class__',
    '.split()',
    '|map',
  ],
  ...[
    'none',
    'true',
    'loop.index',
    'loop(x)',
    'loop',
    'caller()',
    'self',
    '1e400',
    '0x',
    '1_0',
    '\u0000',
    '\ud83d',
    '😀',
    '\u2028',
    '\r\n',
    '%s',
    '{}',
  ],
  ...[
    "'%99999999999d' % 1",
    "'{:9999999999}'.format(1)",
    "'{:.9999999}'.format(1.5)",
    '0.1|round(9999999)',
    '9|round(-9999999)',
    "'9' * 5000|int",
  ],
];

/** Pieces that stand on their own between tags, so that the template still parses. */
const WHOLE = [
  ...[
    "{% set s = 'x' * 100000 %}",
    '{{ s * 1000 }}',
    '{% for i in range(99999) %}{{ i }}{% endfor %}',
    '{% set ns = namespace(a=[1]) %}',
  ],
  ...[
    '{% for i in range(40) %}{% set ns.a = ns.a + ns.a %}{% endfor %}',
    '{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }}',
    '{{ messages }}',
  ],
  ...[
    '{% for a in messages recursive %}{{ loop(messages) }}{% endfor %}',
    '{{ 10 ** 9999 }}',
    '{{ 7 ** 7 ** 7 ** 7 }}',
    "{{ s | replace('x', s) }}",
  ],
  ...[
    '{% set l = [1] * 99999 %}',
    '{{ l | sort | join(s) }}',
    '{{ l | batch(2) | list | pprint }}',
    "{{ '%9999999s' % 1 }}",
    '{{ s.split("x") | length }}',
  ],
  ...[
    '{% for m in messages %}{% for n in messages %}{{ n | tojson(indent=9999) }}{% endfor %}{% endfor %}',
    '{{ range(99999) | list | map("string") | join }}',
  ],
  ...[
    '{% break %}',
    '{% generation %}{{ s }}{% endgeneration %}',
    '{{ s | wordwrap(1) | length }}',
    '{{ s | urlize | length }}',
    '{{ (s ~ "<") | striptags | length }}',
  ],
  ...[
    '{{ [messages, messages] | tojson | length }}',
    '{{ s[::-1] | upper | title | length }}',
    '{{ messages | map(attribute="content") | list }}',
  ],
];
const FILTERS = [
  '| list',
  '| length',
  '| tojson',
  '| upper',
  '| pprint',
  "| replace('', 'ab')",
  '| indent(9)',
  '* 3',
  '~ s',
  '| int',
  '| sort',
  '| unique | list',
  '[::-1]',
  '| e',
  '| safe',
  "| default('x')",
];

/** `count` templates, each some steps away from one of `sources`. */
export function* mutated(seed: number, sources: readonly string[], count: number): Generator<string> {
  const random = randomOf(seed);
  const int = (n: number): number => Math.floor(random() * n);
  const pick = <T>(list: readonly T[]): T => list[int(list.length)]!;
  for (let i = 0; i < count; i++) {
    let text = pick(sources);
    if (random() < 0.5) {
      const tags = [...text.matchAll(/\}\}|%\}/g)];
      for (let step = 1 + int(3); step > 0 && tags.length > 0; step--) {
        const tag = pick(tags).index;
        const inside = text.startsWith('}}', tag) && random() < 0.5;
        const at = inside ? tag - (text[tag - 1] === '-' ? 1 : 0) : tag + 2;
        text = `${text.slice(0, at)} ${pick(inside ? FILTERS : WHOLE)} ${text.slice(at)}`;
        // The places behind have moved.
        tags.splice(0, tags.length, ...text.matchAll(/\}\}|%\}/g));
      }
      yield text;
      continue;
    }
    for (let step = 1 + int(6); step > 0; step--) {
      const at = int(text.length + 1);
      const size = 1 + int(random() < 0.2 ? 200 : 12);
      switch (int(6)) {
        case 0:
          text = text.slice(0, at) + text.slice(at + size);
          break;
        case 1:
          text = text.slice(0, at) + text.slice(at, at + size).repeat(2 + int(3)) + text.slice(at + size);
          break;
        case 2: {
          const from = int(text.length);
          text = text.slice(0, at) + text.slice(from, from + size) + text.slice(at);
          break;
        }
        case 3: {
          const other = pick(sources);
          const from = int(other.length);
          text = text.slice(0, at) + other.slice(from, from + size) + text.slice(at);
          break;
        }
        default:
          text = text.slice(0, at) + pick(PIECES) + text.slice(at);
      }
    }
    // Depth, now and then: a parser must not run out of stack.
    if (random() < 0.002) text += pick(['{{ (', '{% if 1 %}', '{{ [', '{{ -', '{{ not ']).repeat(20_000);
    yield text;
  }
}

const message = (role: string, content: Value): ReadonlyMap<string, Value> =>
  new Map([
    ['role', role],
    ['content', content],
  ]);
const CONTEXT: RenderContext = {
  messages: [
    message('system', 'Be brief.'),
    message('user', 'Hi 😀\n there'),
    message('assistant', '<think>a</think> ok'),
  ],
  tools: null,
  args: new Map<string, Value>([
    ['bos_token', '<s>'],
    ['eos_token', '</s>'],
    ['date', '2026-07-04'],
  ]),
  addGenerationPrompt: true,
};

export type Fate = 'printed' | 'raised' | 'refused' | 'stopped';

/** Compiles and renders. Throws only what is no TemplateError: a crash. */
export function fateOf(template: string): Fate {
  let compiled: ReturnType<typeof compileTemplate>;
  try {
    compiled = compileTemplate('mutated', template);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return error.kind === 'limit' ? 'stopped' : 'refused';
  }
  const render = (work: () => unknown): Fate => {
    try {
      work();
      return 'printed';
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      return error.kind === 'limit' ? 'stopped' : 'raised';
    }
  };
  const plain = render(() => compiled.plain(CONTEXT));
  const traced = render(() => compiled.traced(CONTEXT));
  if (plain !== traced && plain !== 'stopped' && traced !== 'stopped') {
    throw new Error(`plain ${plain}, traced ${traced}`);
  }
  return plain;
}
