import { dirname } from 'node:path';
import { RelativePattern, workspace } from 'vscode';
import type { PickerOption } from '../core/protocol.ts';
import { BUNDLED_TEMPLATES } from '../core/template/bundled.ts';
import { cachedModels } from '../node/hub/cache.ts';
import { hubPlaces } from '../node/hub/places.ts';
import { plainName } from './options.ts';

const EXCLUDED = '**/{node_modules,.git,.venv,venv,__pycache__}/**';
const MOST = 50;

/** Tokenizers that can be chosen: the bundled one and every folder of the workspace with a `tokenizer.json`. */
export async function tokenizerOptions(): Promise<readonly PickerOption[]> {
  const folders = (await find('**/tokenizer.json')).map(dirname);
  return [{ value: 'bundled:qwen3', label: 'qwen3' }, ...folders.map((value) => ({ value, label: plainName(value) }))];
}

/** Models of the Hub whose tokenizers this machine has. */
export async function hubOptions(): Promise<readonly PickerOption[]> {
  if (!workspace.isTrusted) return [];
  const ids = await cachedModels(hubPlaces().cache);
  return ids.slice(0, MOST).map((value) => ({ value, label: plainName(value) }));
}

/** Chat templates that can be chosen. The empty value is the tokenizer's own. */
export async function templateOptions(): Promise<readonly PickerOption[]> {
  const files = await find('**/*.jinja');
  return [
    { value: '', label: "tokenizer's own" },
    ...BUNDLED_TEMPLATES.map(({ name }) => ({ value: `bundled:${name}`, label: name })),
    ...files.map((value) => ({ value, label: plainName(value) })),
  ];
}

/** Without trust the workspace's own files are not used, so they are not offered. */
async function find(glob: string): Promise<readonly string[]> {
  if (!workspace.isTrusted) return [];
  const found = await Promise.all(
    (workspace.workspaceFolders ?? [])
      .filter((folder) => folder.uri.scheme === 'file')
      .map((folder) => workspace.findFiles(new RelativePattern(folder, glob), EXCLUDED, MOST)),
  );
  return found
    .flat()
    .map((uri) => uri.fsPath)
    .sort();
}
