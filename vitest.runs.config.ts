import { defineConfig } from 'vitest/config';
import { asText } from './vitest.config.ts';

/** Tests that start real runs, over a real ssh server and on a real Slurm cluster: one file at a time. */
export default defineConfig({
  plugins: [asText],
  test: {
    include: ['test/runs/**/*.spec.ts'],
    fileParallelism: false,
    // Servers, clusters and browsers of a busy machine are late now and then. A test that passes only then is named.
    retry: 1,
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
});
