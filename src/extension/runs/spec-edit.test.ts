import { expect, it } from 'vitest';
import { parseSpec } from '../../core/runs/parse-spec.ts';
import { applySpecFix } from './spec-edit.ts';

const TEXT = `{
  // which model
  "modle": "a/b",
  "data": {"train": "x.jsonl",},
  "packing": true,
}
`;

it('mends a spec and leaves its comments', () => {
  let text = TEXT;
  for (let round = 0; round < 5; round++) {
    const fix = parseSpec(text).problems.find((problem) => problem.fix !== undefined)?.fix;
    if (fix === undefined) break;
    text = applySpecFix(text, fix) ?? text;
  }
  expect(text).toContain('// which model');
  expect(text).toContain('"model": "a/b"');
  expect(text).toContain('"packing": "bfd"');
  expect(parseSpec(text).spec).not.toBeNull();
});

it('does nothing to a key that is gone', () => {
  expect(applySpecFix('{}', { title: '', key: ['modle'], value: undefined, rename: 'model' })).toBeNull();
});
