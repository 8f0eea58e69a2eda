import { describe, expect, it } from 'vitest';
import { analyzeRow, tokenizeRow, tokensOf } from '../analysis.ts';
import { testEngine } from '../checks/testing/engine.ts';
import { detailOf } from '../detail.ts';

const CHATML =
  "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.role == 'assistant' %}{% generation %}{{ m.content }}<|im_end|>{% endgeneration %}{% else %}{{ m.content }}<|im_end|>{% endif %}\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
const ROW = JSON.stringify({
  messages: [
    { role: 'user', content: 'What is <|im_end|> for?' },
    { role: 'assistant', content: 'Of "<|im_start|>" the end.' },
  ],
});
const END = 151645;

describe('a row whose text spells control tokens', () => {
  const [on, off] = [true, false].map((sanitizeControlTokens) => testEngine({ sanitizeControlTokens }, CHATML));

  it('has them as text: only those of the template are left', () => {
    const count = (engine = off!): number =>
      tokensOf(analyzeRow(ROW, engine, 'messages'))!.ids.filter((id) => id === END).length;
    expect(count(off)).toBe(3);
    expect(count(on)).toBe(2);
  });

  it('has the same text, origins and mask up to those tokens', () => {
    const [a, b] = [on!, off!].map((engine) => analyzeRow(ROW, engine, 'messages').parts[0]!);
    expect(a!.rendering!.text).toBe(b!.rendering!.text);
    expect(a!.rendering!.segments).toEqual(b!.rendering!.segments);
    expect(a!.rendering!.generation).toEqual(b!.rendering!.generation);
    const trained = ({ rendering, encoding, mask }: typeof a = a!) =>
      [...mask!.trained]
        .map((bit, i) => (bit ? rendering!.text.slice(encoding!.starts[i], encoding!.ends[i]) : ''))
        .join('');
    expect(trained(a)).toBe(trained(b));
    expect(trained(a)).toBe('Of "<|im_start|>" the end.<|im_end|>');
    expect(a!.asText?.map(([start, end]) => a!.rendering!.text.slice(start, end))).toEqual([
      '<|im_end|>',
      '<|im_start|>',
    ]);
  });

  it('gives the export what the editor shows', () => {
    for (const engine of [on!, off!])
      expect(tokenizeRow(ROW, engine, 'messages')).toEqual(tokensOf(analyzeRow(ROW, engine, 'messages')));
  });

  it('is not asked of versions that do not know the option', () => {
    const old = testEngine({ sanitizeControlTokens: true, transformers: '5.18' }, CHATML);
    expect(tokensOf(analyzeRow(ROW, old, 'messages'))).toEqual(tokensOf(analyzeRow(ROW, off!, 'messages')));
  });

  it('shows no frame around them, and keeps those of the template', () => {
    const { parts } = detailOf(analyzeRow(ROW, on!, 'messages'), on!);
    expect(parts[0]!.control.filter((bit) => bit === 1).length).toBe(4);
  });

  it('derives the mask from a template without blocks as from any other', () => {
    const plain = CHATML.replace('{% generation %}', '').replace('{% endgeneration %}', '');
    const engine = testEngine({ sanitizeControlTokens: true }, plain);
    const { rendering, encoding, mask } = analyzeRow(ROW, engine, 'messages').parts[0]!;
    const trained = [...mask!.trained].map((bit, i) =>
      bit ? rendering!.text.slice(encoding!.starts[i], encoding!.ends[i]) : '',
    );
    expect(trained.join('')).toBe('Of "<|im_start|>" the end.<|im_end|>');
  });
});
