import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Family,
  ownFamilies,
  specialTokensOf,
  tokenizerJson,
  tokenizerOf,
} from '../../../../test/parity-trainers/kit.ts';
import { compileTemplate } from '../../template/compile-template.ts';
import type { Tokenizer } from '../../tokenizer/encoding.ts';
import { CHATML, show } from '../fixtures.ts';
import type { Marker } from './unsloth-cores.ts';
import { findParts, type Parts } from './unsloth-markers.ts';
import { responseSpans } from './unsloth-spans.ts';

const root = process.cwd();

describe('the markers that Unsloth finds', () => {
  let tokenizer: Tokenizer;
  beforeAll(() => {
    tokenizer = tokenizerOf(tokenizerJson(root));
  });
  const find = (family: Family, recent = true): Parts | null =>
    findParts({
      template: compileTemplate(family.name, family.template),
      tokenizer,
      specialTokens: specialTokensOf(family),
      recent,
    });

  /** As unsloth_zoo 2026.9.5 and 2026.10.9 say them. */
  const FOUND: Readonly<Record<string, readonly [instruction: string, response: string]>> = {
    qwen3: ['<|im_start|>user\n', '<|im_start|>assistant\n'],
    chatml: ['<|im_start|>user\n', '<|im_start|>assistant\n'],
    gemma: ['<start_of_turn>user\n', '<start_of_turn>model\n'],
    'llama-2': ['[INST]', ' [/INST]'],
    'llama-3': ['<|start_header_id|>user<|end_header_id|>\n\n', '<|start_header_id|>assistant<|end_header_id|>\n\n'],
    mistral: ['[INST]', ' [/INST]'],
    phi: ['<|user|>\n', '<|assistant|>\n'],
    zephyr: ['<|user|>\n', '<|assistant|>\n'],
  };
  it.each(Object.entries(FOUND))('of %s', (name, [instruction, response]) => {
    const family = ownFamilies(root).find((one) => one.name === name)!;
    expect(find(family)).toEqual({ instruction, response });
    expect(find(family, false)).toEqual({ instruction, response });
  });

  const family = (template: string): Family => ({ name: 'own', template, eos: '<|im_end|>', bos: null, own: true });
  it('are none where the template prints no content, refuses turns, or parts them by nothing', () => {
    expect(find(family('{% for m in messages %}{{ m.role }}{% endfor %}'))).toBeNull();
    expect(find(family("{{ raise_exception('no') }}"))).toBeNull();
    expect(find(family('{% for m in messages %}{{ m.content }} {% endfor %}'))).toBeNull();
  });
  it('leave out a thinking block that a real answer does not have', () => {
    const template = `{%- for m in messages %}{{ '<|im_start|>' + m.role + '\\n' }}{%- if m.role == 'assistant' and '<think>' not in m.content %}{{ '<think></think>' }}{%- endif %}{{ m.content + '<|im_end|>\\n' }}{%- endfor %}{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n<think></think>' }}{%- endif %}`;
    expect(find(family(template))?.response).toBe('<|im_start|>assistant\n');
  });
  it('read contents that are lists of parts', () => {
    const template = `{%- for m in messages %}{{ '<|im_start|>' + m.role + '\\n' }}{%- for part in m.content %}{{ part.text }}{%- endfor %}{{ '<|im_end|>\\n' }}{%- endfor %}`;
    expect(find(family(template))).toEqual({
      instruction: '\n<|im_start|>user\n',
      response: '\n<|im_start|>assistant\n',
    });
  });
});

describe('responseSpans', () => {
  const marker = (...core: number[]): Marker => ({ left: [], core, right: [] });
  const [user, assistant] = [marker(1, 2), marker(1, 3)];
  const boundaries = { eos: 9, bos: 8, opener: [1] };
  it('end at EOS, BOS or any turn since 2026.9.7', () => {
    const spans = (...ids: number[]) => responseSpans(ids, user, assistant, boundaries);
    expect(spans(1, 3, 5, 9, 6, 1, 2, 5)).toEqual([[2, 4]]);
    expect(spans(1, 3, 5, 8, 6)).toEqual([[2, 3]]);
    expect(spans(1, 3, 5, 1, 4, 6, 1, 3, 7, 7)).toEqual([
      [2, 3],
      [8, 10],
    ]);
    // an answer without a token
    expect(spans(1, 3, 1, 2)).toEqual([[2, 2]]);
    expect(spans(1, 3)).toEqual([]);
  });
  it('end at the next instruction before', () => {
    const spans = (...ids: number[]) => responseSpans(ids, user, assistant, null);
    expect(spans(1, 3, 5, 9, 6, 1, 4, 7, 1, 2, 5, 1, 3, 5)).toEqual([
      [2, 8],
      [13, 14],
    ]);
    // the token behind an instruction is passed over, and a turn that begins there with it
    expect(spans(1, 3, 5, 1, 2, 1, 3, 5)).toEqual([[2, 3]]);
  });
});

describe('the mask', () => {
  const ROW = {
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello' },
      { role: 'tool', content: 'rain' },
    ],
  };
  it('goes on through other roles in 2026.9, not in 2026.10', () => {
    expect(show(CHATML, ROW, { preset: 'unsloth', version: '2026.9' }).trained).toEqual([
      'Hello<|im_end|>\n<|im_start|>tool\nrain<|im_end|>\n',
    ]);
    expect(show(CHATML, ROW, 'unsloth').trained).toEqual(['Hello<|im_end|>']);
  });
  it('says where Unsloth stops', () => {
    const one = show(CHATML, ROW, { preset: 'unsloth', instruction_part: '<|im_start|>user' });
    expect(one.mask.refused).toContain('Set the other one too.');
    expect(one.trained).toEqual([]);
    const empty = show(CHATML, ROW, { preset: 'unsloth', instruction_part: 'x', response_part: '' });
    expect(empty.mask.refused).toContain('`response_part` makes no token');
  });
});
