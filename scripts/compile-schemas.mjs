// Compiles the JSON Schemas of the row formats (src/core/formats), of sft-lens.json and of run specs (schemas) to validators that need no
// ajv and no eval: src/core/schema/generated/{rows,config,run}.js, apart, so that a bundle holds what it uses. Does nothing when
// those files are newer than all they are made from.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'src/core/schema/generated');
const outputs = ['validator.d.ts', ...['rows', 'config', 'run'].flatMap((name) => [`${name}.js`, `${name}.d.ts`])].map(
  (name) => join(folder, name),
);
const configSchema = join(root, 'schemas/sft-lens.schema.json');
const runSchema = join(root, 'schemas/sftrun.schema.json');
const formats = join(root, 'src/core/formats');

const HEAD = '// Made by scripts/compile-schemas.mjs.\n';

const DECLARATION = `${HEAD}export interface ValidationError {
  /** RFC 6901 pointer to the value that is wrong. */
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}
/** Sets \`errors\` on itself when it answers false. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly ValidationError[] | null;
}
`;

const declarationOf = (comment, name, type) =>
  `${HEAD}import type { Validator } from './validator.js';\n/** ${comment} */\nexport declare const ${name}: ${type};\n`;

const filesBelow = (path) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

function isFresh() {
  if (!outputs.every((file) => existsSync(file))) return false;
  const made = Math.min(...outputs.map((file) => statSync(file).mtimeMs));
  return [configSchema, runSchema, fileURLToPath(import.meta.url), ...filesBelow(formats)].every(
    (file) => statSync(file).mtimeMs < made,
  );
}

/** The formats' schemas are TypeScript values: bundled to one module and imported. */
async function rowSchemas(esbuild) {
  mkdirSync(folder, { recursive: true });
  const bundle = join(folder, `formats-${process.pid}.mjs`);
  try {
    await esbuild.build({
      stdin: {
        contents: "export { FORMATS } from './registry.ts'; export { SHARED } from './lib/schemas.ts';",
        resolveDir: formats,
      },
      outfile: bundle,
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      logLevel: 'error',
    });
    const { FORMATS, SHARED } = await import(pathToFileURL(bundle).href);
    return { shared: SHARED, rows: Object.fromEntries(FORMATS.map((format) => [format.name, format.schema])) };
  } finally {
    rmSync(bundle, { force: true });
  }
}

export async function compileSchemas() {
  if (isFresh()) return;
  const [esbuild, { default: Ajv }, { default: standalone }] = await Promise.all([
    import('esbuild'),
    import('ajv'),
    import('ajv/dist/standalone/index.js'),
  ]);
  const ajv = new Ajv.default({
    allErrors: true,
    inlineRefs: false,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    code: { source: true, esm: true },
    // What an editor reads and a validator does not.
    keywords: ['enumDescriptions', 'allowTrailingCommas', 'defaultSnippets'],
  });
  const { shared, rows } = await rowSchemas(esbuild);
  ajv.addSchema(shared);
  for (const [name, schema] of Object.entries(rows)) ajv.addSchema(schema, name);
  // By its file name: the schema of run specs leads to it.
  ajv.addSchema(JSON.parse(readFileSync(configSchema, 'utf8')), 'sft-lens.schema.json');
  ajv.addSchema(JSON.parse(readFileSync(runSchema, 'utf8')), 'sftrun.schema.json');
  const symbols = Object.keys(rows).map((name) => [`row_${name.replaceAll('-', '_')}`, name]);
  const entries = symbols.map(([symbol, name]) => `${JSON.stringify(name)}: ${symbol}`);

  async function write(name, validators, more, declaration) {
    const source = `${standalone.default(ajv, validators)}\n${more}`;
    // The code asks for small helpers of ajv (equality, length in code points): they are put in.
    const { outputFiles } = await esbuild.build({
      stdin: { contents: source, resolveDir: root, sourcefile: `${name}.js` },
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      minifySyntax: true,
      minifyWhitespace: true,
      logLevel: 'error',
      write: false,
    });
    writeFileSync(join(folder, `${name}.d.ts`), declaration);
    writeFileSync(join(folder, `${name}.js`), `${HEAD}${outputFiles[0].text}`);
  }
  writeFileSync(join(folder, 'validator.d.ts'), DECLARATION);
  await write(
    'rows',
    Object.fromEntries(symbols),
    `export const rows = { ${entries.join(', ')} };\n`,
    declarationOf('By the name of the row format.', 'rows', 'Readonly<Record<string, Validator>>'),
  );
  await write(
    'config',
    { config: 'sft-lens.schema.json' },
    '',
    declarationOf('Of `sft-lens.json`.', 'config', 'Validator'),
  );
  await write('run', { run: 'sftrun.schema.json' }, '', declarationOf('Of `*.sftrun.json`.', 'run', 'Validator'));
}

/** Vitest's global setup. */
export const setup = compileSchemas;

if (process.argv[1] === fileURLToPath(import.meta.url)) await compileSchemas();
