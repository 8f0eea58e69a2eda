import { expect, it } from 'vitest';
import { isRunId, runId } from './run-id.ts';

it('is a date and random digits', () => {
  const id = runId(new Date(2026, 0, 2, 3, 4, 5), Uint8Array.of(0, 10, 255, 9));
  expect(id).toBe('20260102-030405-000aff');
  expect(isRunId(id)).toBe(true);
  for (const not of ['', '..', `${id}/`, id.toUpperCase(), `x${id}`]) expect(isRunId(not)).toBe(false);
});
