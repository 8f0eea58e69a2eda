import { isAbsolute, join } from 'node:path';
import { workspace } from 'vscode';
import { findTrl } from '../node/trl/find-trl.ts';
import { SETTINGS } from './contributions.ts';
import { readSetting } from './editor-api.ts';

/** TRL's chat templates in the workspace's Python: that of the runs, that of the Python extension, or an environment in a folder. */
export async function trlTemplates(): Promise<string | null> {
  if (!workspace.isTrusted) return null;
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const roots = folders.map(({ uri }) => uri.fsPath);
  const chosen: unknown = workspace.getConfiguration('python').get('defaultInterpreterPath');
  const named = [readSetting(SETTINGS.python), typeof chosen === 'string' ? chosen : null];
  const inFolders = named.flatMap((path) =>
    // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code's own notation
    path === null ? [] : roots.map((root) => path.replace('${workspaceFolder}', root)).concat(path),
  );
  const environments = roots.flatMap((root) => [join(root, '.venv'), join(root, 'venv')]);
  return findTrl([...inFolders.filter(isAbsolute), ...environments]);
}
