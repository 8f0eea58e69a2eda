import { dirname, isAbsolute, relative, sep } from 'node:path';
import { ConfigurationTarget, type Uri, workspace } from 'vscode';
import type { Project } from '../node/project.ts';
import { configUri, writeConfig } from './config-edit.ts';
import { SETTINGS } from './contributions.ts';

export type ChoiceKey = 'tokenizer' | 'chatTemplate' | 'mask' | 'maxLength' | 'format';

/** Keeps a choice where the file gets its settings from: `sft-lens.json` if there is one, else VS Code's settings. */
export async function keepChoice(data: Uri, project: Project, key: ChoiceKey, value: unknown): Promise<void> {
  if (project.configPath !== null) {
    const uri = configUri(data, project.configPath);
    await writeConfig(uri, [key], typeof value === 'string' ? portable(value, dirname(uri.fsPath)) : value);
    return;
  }
  const folder = workspace.getWorkspaceFolder(data);
  const target = folder === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
  const kept = typeof value === 'string' && folder !== undefined ? portable(value, folder.uri.fsPath) : value;
  await workspace.getConfiguration(undefined, data).update(SETTINGS[key], kept, target);
}

/** A path below `base` is kept relative, so that the choice holds on every machine. */
function portable(value: string, base: string): string {
  if (!isAbsolute(value)) return value;
  const path = relative(base, value);
  return path.startsWith('..') || isAbsolute(path) ? value : `./${path.split(sep).join('/')}`;
}
