// Writes what the registry of masks says into schemas/sft-lens.schema.json and into the setting of package.json: run it after
// a change of a preset, its versions or its options. A test compares.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root, runOrStop } from './lib/run.mjs';

const bundle = join(root, `node_modules/.mask-schema-${process.pid}.mjs`);
const entry = join(root, 'src/core/mask/tools/json-schema.ts');
await build({ entryPoints: [entry], outfile: bundle, bundle: true, format: 'esm', platform: 'neutral' });
const { presetDefinition, policyBranches } = await import(pathToFileURL(bundle).href).finally(() => rmSync(bundle));

function edit(name, change) {
  const path = join(root, name);
  const json = JSON.parse(readFileSync(path, 'utf8'));
  change(json);
  writeFileSync(path, `${JSON.stringify(json, null, 2)}\n`);
  return path;
}

const schema = edit('schemas/sft-lens.schema.json', ({ definitions }) => {
  definitions.preset = presetDefinition();
  definitions.policy.allOf = policyBranches();
});
edit('package.json', ({ contributes }) => {
  const sections = [contributes.configuration].flat();
  const { properties } = sections.find((section) => section.properties['sftLens.mask']);
  properties['sftLens.mask'].anyOf[0].enum = presetDefinition().enum;
});
await runOrStop('Formatting the schema', join(root, 'node_modules/.bin/biome'), ['format', '--write', schema]);
