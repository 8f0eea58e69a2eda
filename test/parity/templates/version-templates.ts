import type { Named } from './collect.ts';

/** What only the environments tell apart. */
const SOURCES: readonly (readonly [string, string])[] = [
  ['messages', '{% for m in messages %}{{ m }}\n{{ m.keys() | list }}{% endfor %}'],
  ['json', '{{ messages | tojson }}{{ tools | tojson }}'],
  ['thoughts', '{% for m in messages %}{{ m.thinking }}|{{ m.reasoning }}|{{ m.reasoning_content }};{% endfor %}'],
  [
    'content',
    '{% for m in messages %}{{ m.role ~ m.content }}{{ m.content is defined }}{{ m.content is none }}{% endfor %}',
  ],
  ['concatenation', "{% for m in messages %}{{ '<' + m.role + '>' + m.content }}{% endfor %}"],
  ['namespace', '{% set ns = namespace(_a=1) %}{{ ns._a }}|{{ ns }}'],
  ['namespace set', '{% set ns = namespace(a=1) %}{% set ns._b = 2 %}{{ ns._b }}{{ ns.a }}'],
  ['namespace error', '{% set ns = namespace(a=1) %}{{ ns.b.c }}'],
  ['dict', "{{ dict(a=1) }}{{ dict.fromkeys('ab', 1) }}{{ dict.get({'a': 1}, 'a') }}"],
  ['dict methods', "{{ dict.keys({'a': 1}) | list }}"],
  ['dict unsafe', '{{ dict.__class__ }}|{{ dict.mro }}'],
];

export const VERSION_TEMPLATES: readonly Named[] = SOURCES.map(
  ([name, source]): Named => ({ group: 'own', name: `own:${name}`, source }),
);
