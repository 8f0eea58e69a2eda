import { defineConfig, type Plugin } from 'vitest/config';

/** Templates and scripts of sh are imported as text, as the build does. */
export const asText: Plugin = {
  name: 'as-text',
  enforce: 'pre',
  transform: (source, id) => (/\.(jinja|sh|sbatch)$/.test(id) ? `export default ${JSON.stringify(source)};` : null),
};

export default defineConfig({
  plugins: [asText],
  test: {
    include: ['src/**/*.test.ts', 'test/unit/**/*.test.ts'],
    globalSetup: ['scripts/compile-schemas.mjs'],
    testTimeout: 20_000,
  },
});
