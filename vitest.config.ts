import { defineConfig, type Plugin } from 'vitest/config';

/** Templates are imported as text, as the build does. */
const jinjaAsText: Plugin = {
  name: 'jinja-as-text',
  enforce: 'pre',
  transform: (source, id) => (id.endsWith('.jinja') ? `export default ${JSON.stringify(source)};` : null),
};

export default defineConfig({
  plugins: [jinjaAsText],
  test: {
    include: ['src/**/*.test.ts', 'test/unit/**/*.test.ts'],
    globalSetup: ['scripts/compile-schemas.mjs'],
    testTimeout: 20_000,
  },
});
