import { defineConfig } from 'vitest/config';

/** Tests that drive a real VS Code in a browser: one at a time, since each holds a server, its hosts and a browser. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.spec.ts', 'test/a11y/**/*.spec.ts', 'test/package/**/*.spec.ts'],
    fileParallelism: false,
    // Servers, clusters and browsers of a busy machine are late now and then. A test that passes only then is named.
    retry: 1,
    testTimeout: 90_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
  },
});
