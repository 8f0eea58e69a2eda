import { dirname } from 'node:path';
import { Range, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import { type ConfigPath, EMPTY_CONFIG, setIn } from './config-text.ts';
import { CONFIG_FILE } from './contributions.ts';

/** Where the `sft-lens.json` of a data file is, or would be created: the workspace folder, else the file's own. */
export function configUri(data: Uri, configPath: string | null): Uri {
  if (configPath !== null) return Uri.file(configPath);
  const folder = workspace.getWorkspaceFolder(data)?.uri ?? data.with({ path: dirname(data.path) });
  return Uri.joinPath(folder, CONFIG_FILE);
}

/** Writes one value into `sft-lens.json`, creating it when it is missing, as one edit that can be undone. */
export async function writeConfig(uri: Uri, path: ConfigPath, value: unknown): Promise<void> {
  const text = await textOf(uri);
  const edit = new WorkspaceEdit();
  if (text === null) {
    edit.createFile(uri, {
      ignoreIfExists: true,
      contents: new TextEncoder().encode(setIn(EMPTY_CONFIG, path, value)),
    });
  } else {
    edit.replace(uri, new Range(0, 0, Number.MAX_SAFE_INTEGER, 0), setIn(text, path, value));
  }
  if (!(await workspace.applyEdit(edit))) {
    void window.showErrorMessage(`${CONFIG_FILE} cannot be changed. Check that it may be written.`);
    return;
  }
  // The command line and the next window read the file, not the editor.
  await (await workspace.openTextDocument(uri)).save();
}

async function textOf(uri: Uri): Promise<string | null> {
  try {
    return (await workspace.openTextDocument(uri)).getText();
  } catch {
    return null;
  }
}
