import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { OLLAMA_CHAT_TEMPLATE_MAPPING } from '../../../node_modules/@huggingface/ollama-utils/src/chat-template-automap.ts';
import { BUNDLED_TEMPLATES } from '../../../src/core/template/bundled.ts';

export interface Named {
  readonly group: 'bundled' | 'data' | 'ollama' | 'own';
  readonly name: string;
  readonly source: string;
}

export const ownTemplates = (): Named[] =>
  BUNDLED_TEMPLATES.map(({ name, source }): Named => ({ group: 'bundled', name: `bundled:${name}`, source }));

function jinjaFiles(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return jinjaFiles(path);
    return entry.name.endsWith('.jinja') ? [path] : [];
  });
}

/** Every chat template at hand: ours, those of the folder of real data (which may be absent), those of ollama-utils. */
export function allTemplates(data: string): Named[] {
  const at = join(data, 'chat_templates');
  if (!existsSync(at))
    console.log(`No chat templates in ${at} (SFT_LENS_DATA): only the other templates are compared.`);
  const files = existsSync(at) ? jinjaFiles(at) : [];
  const named = files.map(
    (path): Named => ({ group: 'data', name: relative(at, path), source: readFileSync(path, 'utf8') }),
  );
  const ollama = OLLAMA_CHAT_TEMPLATE_MAPPING.map(
    ({ model, gguf }, i): Named => ({ group: 'ollama', name: `ollama:${i}:${basename(model)}`, source: gguf }),
  );
  return [...ownTemplates(), ...named, ...ollama];
}
