import { expect, it } from 'vitest';
import { readJson } from '../../jsonl/read-json.ts';
import { jsonDumps } from './python-json.ts';

it.each([
  // what Python 3.11 prints
  [
    '{"a":1,"b":[1.0,1e20,1e-7,-0.0],"c":null,"d":true,"e":{}}',
    '{"a": 1, "b": [1.0, 1e+20, 1e-07, -0.0], "c": null, "d": true, "e": {}}',
  ],
  ['"tea \\u2615 \\ud83d\\ude00 \\u007f \\n / \\""', '"tea \\u2615 \\ud83d\\ude00 \\u007f \\n / \\""'],
  ['[123456789012345678901234567890,[]]', '[123456789012345678901234567890, []]'],
  ['{"ключ":"é"}', '{"\\u043a\\u043b\\u044e\\u0447": "\\u00e9"}'],
])('jsonDumps %s', (given, dumped) => {
  const { value } = readJson(given);
  expect(jsonDumps(value ?? null)).toBe(dumped);
});
