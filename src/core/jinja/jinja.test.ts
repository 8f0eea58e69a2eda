import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRow } from '../jsonl/parse.ts';
import type { Range, Value } from '../jsonl/value.ts';
import { type RenderContext, TemplateError } from '../template/chat-template.ts';
import { compileTemplate } from '../template/compile-template.ts';

interface Golden {
  readonly template: string;
  readonly text?: string;
  /** Python's exception type. */
  readonly error?: string;
  /** Code points; these texts use them only where they equal UTF-16 units or are converted below. */
  readonly spans?: readonly Range[];
}

/** What jinja2 3.1.6 in transformers' environment prints for each. */
const file = readFileSync(new URL('../../../test/parity/templates/golden/expressions.json', import.meta.url), 'utf8');
const cases = (JSON.parse(file) as { cases: readonly Golden[] }).cases;
const row = parseRow(file).value as ReadonlyMap<string, Value>;
const args = row.get('context') as ReadonlyMap<string, Value>;
const context: RenderContext = { messages: [], tools: null, args, addGenerationPrompt: false };
const traced: RenderContext = { ...context, rowArgs: new Set(args.keys()) };

const raises = (work: () => unknown): boolean => {
  try {
    work();
    return false;
  } catch (error) {
    if (error instanceof TemplateError) return true;
    throw error;
  }
};

const points = (text: string, spans: readonly Range[]): Range[] =>
  spans.map(([start, end]) => [[...text.slice(0, start)].length, [...text.slice(0, end)].length]);

describe('expressions and statements print what Python prints', () => {
  for (const { template, text, error, spans } of cases) {
    it(JSON.stringify(template), () => {
      if (error !== undefined) {
        expect(raises(() => compileTemplate('t', template).plain(context))).toBe(true);
        expect(raises(() => compileTemplate('t', template).traced(traced))).toBe(true);
        return;
      }
      const compiled = compileTemplate('t', template);
      const plain = compiled.plain(context);
      expect(plain.text).toBe(text);
      if (spans !== undefined) expect(points(plain.text, plain.generation ?? [])).toEqual(spans);
      const origins = compiled.traced(traced);
      expect(origins.text).toBe(text);
      let end = 0;
      for (const segment of origins.segments) {
        expect(segment.start).toBe(end);
        end = segment.end;
      }
      expect(end).toBe(plain.text.length);
    });
  }
});

describe('limits', () => {
  const stopped = (source: string): unknown => {
    try {
      return compileTemplate('t', source).plain(context).text.length;
    } catch (error) {
      return error instanceof TemplateError ? error.kind : error;
    }
  };
  const ENDLESS = [
    "{{ 'x' * 10**9 }}",
    '{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}',
    "{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
    '{% set ns = namespace(s=[1]) %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}',
    '{% set ns = namespace(s=[1]) %}{% for i in range(100) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}',
    '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
    '{{ 10 ** 1000000000 }}',
    "{{ '%1000000000d' % 5 }}",
    '{{ [1] * 10**9 }}',
    "{% set a = 'x' * 4000000 %}{% set b = 'x' * 4000000 %}{% for i in range(100000) %}{% if a == b %}{% endif %}{% endfor %}",
    "{% set a = 'x' * 4000000 %}{% set b = 'x' * 4000000 %}{% for i in range(100000) %}{% if a < b %}{% endif %}{% endfor %}",
    "{% set a = [['x' * 4000000]] %}{% set b = [['x' * 4000000]] %}{% for i in range(100000) %}{% set x = a.index(b[0]) %}{% endfor %}",
  ];
  for (const source of ENDLESS) it(source, () => expect(stopped(source)).toBe('limit'));
  it('wraps one long word in time', () => {
    const start = performance.now();
    expect(stopped("{{ ('x' * 100000) | wordwrap(1) }}")).toBe(199_999);
    expect(performance.now() - start).toBeLessThan(5000);
  });
  it('refuses a range that the sandbox refuses', () => expect(stopped('{{ range(10**9) }}')).toBe('python'));
});

describe('errors', () => {
  const errorOf = (source: string): TemplateError => {
    try {
      compileTemplate('t', source).plain(context);
    } catch (error) {
      return error as TemplateError;
    }
    throw new Error('did not raise');
  };
  it('gives the line of the statement', () =>
    expect(errorOf('a\n{% if true %}\n{{ none.x.y }}{% endif %}').line).toBe(3));
  it('keeps the message of raise_exception', () => {
    const error = errorOf("\n{{ raise_exception('No ' ~ 1) }}");
    expect([error.message, error.kind, error.line]).toEqual(['No 1', 'raised', 2]);
  });
  it('speaks as Python does', () => {
    expect(errorOf('{{ missing.x }}').message).toBe("'missing' is undefined");
    expect(errorOf('{{ d.zz.y }}').message).toBe("'dict object' has no attribute 'zz'");
    expect(errorOf("{{ 'a' + 1 }}").message).toBe('can only concatenate str (not "int") to str');
  });
  it('names a syntax error', () => expect(errorOf('{% foo %}').kind).toBe('syntax'));
});
