import { describe, expect, it } from 'vitest';
import { parsePlain } from '../jsonl/plain.ts';
import { isObject } from '../jsonl/value.ts';
import { compileTemplate } from '../template/compile-template.ts';
import { generationPlaces } from './generation-places.ts';

const MESSAGES = [
  { role: 'user', content: 'a' },
  { role: 'assistant', content: 'a' },
  { role: 'assistant', content: 'bc' },
].map(parsePlain);

function shown(source: string): { exact: string[]; meant: string[] | null } {
  const template = compileTemplate('test', source);
  const context = { messages: MESSAGES.filter(isObject), tools: null, args: new Map(), addGenerationPrompt: false };
  const rendering = template.traced(context);
  const texts = (spans: readonly (readonly [number, number])[] | null): string[] | null =>
    spans?.map(([start, end]) => rendering.text.slice(start, end)) ?? null;
  return {
    exact: texts(rendering.generation) ?? [],
    meant: texts(generationPlaces(template, context, rendering)),
  };
}

describe('where generation blocks really lie', () => {
  it('is where transformers says, when they print straight into the text', () => {
    const source =
      "{% for m in messages %}{{ m.role }}:{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{% endgeneration %}{% endif %}\n{% endfor %}";
    expect(shown(source)).toEqual({ exact: ['a', 'bc'], meant: null });
  });
  it('is behind what a macro printed before its block', () => {
    const source =
      "{% macro turn(m) %}{{ m.role }}:{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{% endgeneration %}{% endif %};{% endmacro %}{% for m in messages %}{{ turn(m) }}{% endfor %}";
    expect(shown(source)).toEqual({ exact: ['a', 'as'], meant: ['a', 'bc'] });
  });
  it('is where a set block is printed', () => {
    const source =
      '{% for m in messages %}{% set x %}{%- generation -%}\n  {{ m.content }}!\n  {%- endgeneration -%}{% endset %}<{{ x }}>{% endfor %}';
    expect(shown(source)).toEqual({ exact: ['<a', '<a', '<bc'], meant: ['a!', 'a!', 'bc!'] });
  });
  it('keeps the white space that tags on lines of their own take away', () => {
    const source =
      '{% macro turn(m) %}\n({{ m.role }})\n  {% generation %}\n{{ m.content }}\n  {% endgeneration %}\n{% endmacro %}\n{% for m in messages %}{{ turn(m) }}{% endfor %}';
    expect(shown(source).meant).toEqual(['a\n', 'a\n', 'bc\n']);
  });
  it('is not known where the template cuts what a macro gave', () => {
    const source =
      '{% macro turn(m) %}{% generation %}{{ m.content }} {% endgeneration %}{% endmacro %}{% for m in messages %}{{ turn(m) | trim }}{% endfor %}';
    expect(shown(source).meant).toBeNull();
  });
});
