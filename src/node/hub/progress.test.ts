import { expect, it } from 'vitest';
import { shownProgress } from './progress.ts';

it('shows megabytes, and kilobytes of what is less than one', () => {
  expect(shownProgress({ received: 4_123_000, total: 11_400_000 })).toBe('4.1 of 11.4 MB');
  expect(shownProgress({ received: 0, total: 1_000_000 })).toBe('0.0 of 1.0 MB');
  expect(shownProgress({ received: 12_400, total: 38_001 })).toBe('13 of 39 kB');
  expect(shownProgress({ received: 200, total: 200 })).toBe('1 of 1 kB');
});
