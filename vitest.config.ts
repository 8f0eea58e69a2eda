import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/unit/**/*.test.ts'],
    globalSetup: ['scripts/compile-schemas.mjs'],
    testTimeout: 20_000,
  },
});
