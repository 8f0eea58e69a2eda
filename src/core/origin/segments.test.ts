import { describe, expect, it } from 'vitest';
import { compileTemplate } from '../template/compile-template.ts';
import { segmentsOf } from './segments.ts';
import { concat, cut, recased, Source, type Text, TextWriter } from './traced.ts';

const source = (value: string): Text => new Source(value, '/x', 0, false) as Text;
const resolved = (text: Text): unknown[] => {
  const out = new TextWriter();
  out.write(text);
  return segmentsOf(out.text, out.marks).segments.map((s) => [
    out.text.slice(s.start, s.end),
    s.pointer,
    s.offset,
    s.length,
    s.how,
  ]);
};

describe('segmentsOf', () => {
  it('joins neighboring copies and fills the gaps with template text', () => {
    const text = source('hello');
    expect(resolved(concat(concat('<', cut(text, 0, 2)), concat(cut(text, 2, 5), '>')))).toEqual([
      ['<', null, 0, 0, 'template'],
      ['hello', '/x', 0, 5, 'copy'],
      ['>', null, 0, 0, 'template'],
    ]);
  });
  it('keeps unchanged runs of another case as copies', () => {
    expect(resolved(recased(source('aB-c'), 'AB-C'))).toEqual([
      ['A', '/x', 0, 1, 'changed'],
      ['B-', '/x', 1, 2, 'copy'],
      ['C', '/x', 3, 1, 'changed'],
    ]);
  });
  it('maps a case that changes the length by code point', () => {
    expect(resolved(recased(source('aß'), 'ASS'))).toContainEqual(['SS', '/x', 1, 1, 'changed']);
  });
  it('gives an empty value its place', () => {
    const out = new TextWriter();
    out.write('ab');
    out.write(source(''));
    expect(segmentsOf(out.text, out.marks).anchors).toEqual([{ at: 2, pointer: '/x', key: false, offset: 0 }]);
  });
  it('does not nest with the depth of an accumulation', () => {
    const template = compileTemplate(
      't',
      "{% set ns = namespace(s='') %}{% for m in messages %}{% set ns.s = ns.s ~ m.content %}{% endfor %}{{ ns.s }}",
    );
    const messages = Array.from({ length: 3000 }, (_, i) => new Map([['content', `${i};`]]));
    const { text, segments } = template.traced({ messages, tools: null, args: new Map(), addGenerationPrompt: false });
    expect(segments.length).toBe(3000);
    expect(segments.every((s) => text.slice(s.start, s.end) === `${s.pointer?.split('/')[2]};`)).toBe(true);
  });
});
