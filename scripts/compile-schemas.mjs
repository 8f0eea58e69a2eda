// Compiles the JSON Schemas of the row formats (src/core/formats), of sft-lens.json and of run specs (schemas) to validators that need no
// ajv and no eval: src/core/schema/generated/validators.js. Does nothing when that file is newer than all it is made from.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'src/core/schema/generated');
const output = join(folder, 'validators.js');
const declarations = join(folder, 'validators.d.ts');
const configSchema = join(root, 'schemas/sft-lens.schema.json');
const runSchema = join(root, 'schemas/sftrun.schema.json');
const formats = join(root, 'src/core/formats');

const DECLARATIONS = `// Made by scripts/compile-schemas.mjs.
export interface ValidationError {
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
/** By the name of the row format. */
export declare const rows: Readonly<Record<string, Validator>>;
/** Of \`sft-lens.json\`. */
export declare const config: Validator;
/** Of \`*.sftrun.json\`. */
export declare const run: Validator;
`;

const filesBelow = (path) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

function isFresh() {
  if (!existsSync(output) || !existsSync(declarations)) return false;
  const made = statSync(output).mtimeMs;
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
  const exports = {};
  const names = {};
  const { shared, rows } = await rowSchemas(esbuild);
  ajv.addSchema(shared);
  for (const [name, schema] of Object.entries(rows)) {
    const symbol = `row_${name.replaceAll('-', '_')}`;
    ajv.addSchema(schema, name);
    exports[symbol] = name;
    names[name] = symbol;
  }
  // By its file name: the schema of run specs leads to it.
  ajv.addSchema(JSON.parse(readFileSync(configSchema, 'utf8')), 'sft-lens.schema.json');
  exports.config = 'sft-lens.schema.json';
  ajv.addSchema(JSON.parse(readFileSync(runSchema, 'utf8')), 'sftrun.schema.json');
  exports.run = 'sftrun.schema.json';
  const entries = Object.entries(names).map(([name, symbol]) => `${JSON.stringify(name)}: ${symbol}`);
  const source = `${standalone.default(ajv, exports)}\nexport const rows = { ${entries.join(', ')} };\n`;
  // The code asks for small helpers of ajv (equality, length in code points): they are put in.
  const { outputFiles } = await esbuild.build({
    stdin: { contents: source, resolveDir: root, sourcefile: 'validators.js' },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'error',
    write: false,
  });
  writeFileSync(declarations, DECLARATIONS);
  writeFileSync(output, `// Made by scripts/compile-schemas.mjs.\n${outputFiles[0].text}`);
}

/** Vitest's global setup. */
export const setup = compileSchemas;

if (process.argv[1] === fileURLToPath(import.meta.url)) await compileSchemas();
