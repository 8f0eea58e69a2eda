import { expect, it } from 'vitest';
import { snippet } from './step-rows.ts';

it('shows the words of a row, not its JSON', () => {
  expect(snippet('{"messages":[{"role":"user","content":"Hi\\nthere"},{"role":"assistant","content":"Hello."}]}')).toBe(
    'Hi there · Hello.',
  );
  expect(snippet('{"a": 1}')).toBe('{"a": 1}');
  expect(snippet('{"text":"cut in the mid')).toBe('cut in the mid');
  expect(snippet(`{"text":"${'x'.repeat(500)}"}`)).toHaveLength(160);
});
