import { expect, it } from 'vitest';
import { parseSpec } from '../../core/runs/parse-spec.ts';
import { METHODS } from '../../core/runs/spec.ts';
import { specText } from './spec-text.ts';

it('writes specs without a problem, for every method', () => {
  for (const method of METHODS) {
    const text = specText({ model: 'org/name', train: 'rows.jsonl', eval: 0.05, method, target: 'local' });
    expect(parseSpec(text).problems, method).toEqual([]);
  }
});
