import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../../../src/core/config.ts';
import { type Engine, makeEngine } from '../../../src/core/engine.ts';
import { PRESET_NAMES } from '../../../src/core/mask/policy.ts';
import { BUNDLED_TEMPLATES } from '../../../src/core/template/bundled.ts';
import type { TokenizerBundle } from '../../../src/core/tokenizer/encoding.ts';

/** The good rows of the sample workspace, one of each shape. */
export function sampleRows(root: string): string[] {
  const folder = join(root, 'samples/formats');
  const files = readdirSync(folder).filter((file) => /\.(jsonl|ndjson)$/.test(file));
  const lines = [...files.map((file) => join(folder, file)), join(root, 'samples/support.jsonl')].map((file) =>
    readFileSync(file, 'utf8').split('\n'),
  );
  return lines.flatMap((rows) => rows.filter((row) => row.trim() !== '').slice(0, 4));
}

/** Every preset, over the tokenizer's own template and the bundled ones in turn. */
export function engines(bundle: TokenizerBundle): Engine[] {
  const own = { name: 'own', byKind: bundle.chatTemplates };
  const templates = [own, ...BUNDLED_TEMPLATES.map(({ name, source }) => ({ name, byKind: { default: source } }))];
  return PRESET_NAMES.flatMap((mask, i) =>
    [own, templates[1 + (i % (templates.length - 1))] ?? own].map((template) =>
      makeEngine(bundle, template, { ...DEFAULT_SETTINGS, mask, maxLength: 60 }),
    ),
  );
}
