import { describe, expect, it } from 'vitest';
import { makeSpecText } from './make-spec.ts';
import { parseSpec } from './parse-spec.ts';
import { METHODS } from './spec.ts';

const NEW = { model: 'org/name', train: 'data/rows.jsonl', eval: 0.05, method: 'lora', target: 'local' } as const;

describe('makeSpecText', () => {
  it('writes what was chosen, and says what may be changed', () => {
    expect(makeSpecText(NEW)).toBe(`{
  "model": "org/name",
  "data": {
    "train": "data/rows.jsonl",
    "eval": 0.05 // share of the rows that is held out; or a file
  },
  "method": "lora", // full, lora, qlora, dpo or kto
  // TRL's own arguments; what is not named keeps its default
  "args": {
    "num_train_epochs": 3,
    "learning_rate": 2e-4 // usual for LoRA
  },
  "target": "local"
}
`);
  });

  it('writes specs without a problem, which mean what was chosen', () => {
    for (const method of METHODS)
      for (const adapters of [true, false])
        for (const held of [null, 0.1, 'eval "x".jsonl']) {
          const text = makeSpecText({
            ...NEW,
            method,
            adapters,
            eval: held,
            args: { max_steps: 60, learning_rate: 1e-3 },
            maxLength: 512,
          });
          const { spec, problems } = parseSpec(text);
          expect(problems).toEqual([]);
          expect(spec).toMatchObject({
            method,
            data: { eval: held },
            maxLength: 512,
            args: { max_steps: 60, learning_rate: 1e-3, num_train_epochs: 3 },
          });
          expect(spec?.peft === null).toBe(method === 'full' || ((method === 'dpo' || method === 'kto') && !adapters));
        }
  });
});
