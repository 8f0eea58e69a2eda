import { describe, expect, test } from 'vitest';
import { setIn } from './config-text.ts';

describe('sft-lens.json', () => {
  test('a value is set, and all else stays', () => {
    const text = '{\n  // why\n  "maxLength":512,\n  "checks": {"a/b": "off"}\n}\n';
    expect(setIn(text, ['maxLength'], 1024)).toBe(text.replace('512', '1024'));
    const added = setIn(text, ['checks', 'c/d'], 'off');
    expect(added).toContain('  // why\n  "maxLength":512,\n');
    expect(added).toMatch(/"a\/b": "off",\s*"c\/d": "off"/);
  });

  test('an empty file becomes an object', () => {
    expect(JSON.parse(setIn('', ['checks', 'a/b'], 'off'))).toEqual({ checks: { 'a/b': 'off' } });
  });
});
