import { strict as assert } from 'node:assert';

/** Waits until `value` returns something other than undefined, null or false, and returns it. Times in milliseconds. */
export async function until<T>(
  what: string,
  value: () => T | undefined | null | false | PromiseLike<T | undefined | null | false>,
  timeout = 10_000,
): Promise<T> {
  const end = Date.now() + timeout;
  for (;;) {
    const found = await value();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > end) assert.fail(`After ${timeout} ms still waiting for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
